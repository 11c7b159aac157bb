package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The elements of images in another order or frame. */
final class ImageShapeOps {
    private ImageShapeOps() {}

    static void register(OpTable ops) {
        ops.op("DepthToSpace", 1, ImageShapeOps::depthToSpace);
        ops.op("SpaceToDepth", 1, ImageShapeOps::spaceToDepth);
        ops.op("CenterCropPad", 18, ImageShapeOps::centerCropPad);
        ops.op("Col2Im", 18, Columns::toImage);
    }

    private static Tensor depthToSpace(Call in) {
        Tensor x = image(in);
        long block = block(in);
        long[] from = x.shape();
        long depth = from[1] / Math.multiplyExact(block, block);
        if (depth * block * block != from[1]) {
            throw in.refuse("spreads " + from[1] + " channels over blocks of " + block + " x " + block);
        }
        String mode = in.text("mode", "DCR");
        Tensor spread = switch (mode) {
            case "DCR" ->
                x.reshape(from[0], block, block, depth, from[2], from[3]).permute(0, 3, 4, 1, 5, 2);
            case "CRD" ->
                x.reshape(from[0], depth, block, block, from[2], from[3]).permute(0, 1, 4, 2, 5, 3);
            default -> throw in.refuse("has the unknown mode '" + mode + "'");
        };
        return spread.reshape(from[0], depth, from[2] * block, from[3] * block);
    }

    private static Tensor spaceToDepth(Call in) {
        Tensor x = image(in);
        long block = block(in);
        long[] from = x.shape();
        long rows = from[2] / block;
        long columns = from[3] / block;
        if (rows * block != from[2] || columns * block != from[3]) {
            throw in.refuse("cuts an image of " + from[2] + " x " + from[3] + " into blocks of " + block);
        }
        return x.reshape(from[0], from[1], rows, block, columns, block)
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(from[0], Operands.count(in, from[1], block, block), rows, columns);
    }

    private static Tensor image(Call in) {
        Tensor x = in.tensor(0);
        if (x.dim() != 4) {
            throw in.refuse("needs [batch, channels, height, width], not shape " + Arrays.toString(x.shape()));
        }
        return x;
    }

    private static long block(Call in) {
        return Sizes.atLeast(in, "blocksize", 1, in.whole("blocksize", 0))[0];
    }

    private static Tensor centerCropPad(Call in) {
        Tensor x = in.tensor(0);
        long[] wanted = Sizes.atLeast(in, "shape", 0, in.longs(1));
        long[] axes = Operands.axes(in, in.longs("axes", Operands.allAxes(x.dim())), x.dim());
        if (wanted.length != axes.length) {
            throw in.refuse("needs " + axes.length + " sizes, not " + Arrays.toString(wanted));
        }
        long[] before = new long[(int) x.dim()];
        long[] behind = before.clone();
        for (int i = 0; i < axes.length; i++) {
            long more = wanted[i] - x.size(axes[i]);
            before[(int) axes[i]] = more / 2;
            behind[(int) axes[i]] = more - more / 2;
        }
        return Sizes.padded(in, x, before, behind, new Scalar(0));
    }
}
