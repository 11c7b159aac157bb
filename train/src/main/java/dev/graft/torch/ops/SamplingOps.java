package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Images read at places between their elements. */
final class SamplingOps {
    private SamplingOps() {}

    static void register(OpTable ops) {
        ops.op("GridSample", 16, SamplingOps::gridSample);
        ops.op("AffineGrid", 20, SamplingOps::affineGrid);
        ops.op("RoiAlign", 10, in -> RoiAlign.of(in, false));
        ops.op(
                "RoiAlign",
                16,
                in -> RoiAlign.of(
                        in,
                        in.text("coordinate_transformation_mode", "half_pixel").equals("half_pixel")));
        ops.op("MaxRoiPool", 1, RoiPool::of);
        ops.op("DeformConv", 19, DeformableConvolution::of);
    }

    private static Tensor gridSample(Call in) {
        Tensor x = in.tensor(0);
        Tensor grid = in.tensor(1);
        int axes = (int) x.dim() - 2;
        if (axes < 1 || axes > 3 || grid.dim() != x.dim() || grid.size(-1) != axes || grid.size(0) != x.size(0)) {
            throw in.refuse("reads an array of shape " + Arrays.toString(x.shape()) + " at places of shape "
                    + Arrays.toString(grid.shape()));
        }
        long[] shape = grid.shape();
        Operands.requireRoom(in, x.element_size(), Operands.count(in, grid.numel() / axes), x.size(1));
        ScalarType type = Operands.type(x);
        ScalarType computed = type == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
        Tensor real = Operands.as(x, computed);
        Tensor places = Operands.as(grid, computed);
        Tensor sampled = axes > 1
                ? sampled(in, real, places)
                : sampled(
                                in,
                                real.unsqueeze(2),
                                torch.constant_pad_nd(places, 0, 1).reshape(shape[0], 1, shape[1], 2))
                        .squeeze(2);
        return Operands.as(sampled, type);
    }

    private static Tensor sampled(Call in, Tensor x, Tensor grid) {
        String padding = in.text("padding_mode", "zeros");
        long beyond = switch (padding) {
            case "zeros" -> 0;
            case "border" -> 1;
            case "reflection" -> 2;
            default -> throw in.refuse("has the unknown padding_mode '" + padding + "'");
        };
        String mode = in.text("mode", "linear");
        long between = switch (mode) {
            case "linear", "bilinear" -> 0;
            case "nearest" -> 1;
            case "cubic", "bicubic" -> 2;
            default -> throw in.refuse("has the unknown mode '" + mode + "'");
        };
        return torch.grid_sampler(x, grid, between, beyond, in.flag("align_corners", false));
    }

    private static Tensor affineGrid(Call in) {
        Tensor theta = in.tensor(0);
        long[] size = Sizes.atLeast(in, "size", 1, in.longs(1));
        int axes = size.length - 2;
        boolean fits = theta.dim() == 3 && theta.size(1) == axes && theta.size(2) == axes + 1;
        if (axes < 2 || axes > 3 || !fits || theta.size(0) != size[0]) {
            throw in.refuse("makes a grid of size " + Arrays.toString(size) + " by matrices of shape "
                    + Arrays.toString(theta.shape()));
        }
        long[] grid = size.clone();
        grid[1] = theta.size(2);
        Operands.requireRoom(in, theta.element_size(), grid);
        return torch.affine_grid_generator(theta, size, in.flag("align_corners", false));
    }
}
