package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Regions of an image, each cut into whole elements and pooled to one size by the greatest.
 *
 * <p>Source: Girshick, "Fast R-CNN", 2015.
 */
final class RoiPool {
    /** About what libtorch needs to know of one bin, besides its content. */
    private static final long BIN_BYTES = 1024;

    private RoiPool() {}

    /** The regions [regions, channels, height, width]. */
    static Tensor of(Call in) {
        Tensor x = in.tensor(0);
        Tensor regions = in.tensor(1);
        long[] shape = Sizes.atLeast(in, "pooled_shape", 1, in.longs("pooled_shape"));
        if (x.dim() != 4 || regions.dim() != 2 || regions.size(1) != 5 || shape.length != 2) {
            throw in.refuse("pools regions of shape " + Arrays.toString(regions.shape()) + " of images of shape "
                    + Arrays.toString(x.shape()) + " to shape " + Arrays.toString(shape));
        }
        Operands.requireRoom(in, x.element_size(), regions.size(0), x.size(1), shape[0], shape[1]);
        Operands.requireRoom(in, BIN_BYTES, regions.size(0), shape[0], shape[1]);
        double[] corners = in.reals(1);
        var pooled = new TensorVector();
        for (int i = 0; i < corners.length; i += 5) {
            Tensor image = RoiAlign.image(in, x, (long) corners[i]);
            pooled.push_back(pooled(in, image, Arrays.copyOfRange(corners, i + 1, i + 5), shape));
        }
        return corners.length == 0
                ? torch.zeros(new long[] {0, x.size(1), shape[0], shape[1]}, x.options())
                : torch.stack(pooled);
    }

    private static Tensor pooled(Call in, Tensor image, double[] corners, long[] shape) {
        var bins = new TensorVector();
        for (long row = 0; row < shape[0]; row++) {
            long[] rows = bin(in, corners[1], corners[3], row, shape[0], image.size(1));
            for (long column = 0; column < shape[1]; column++) {
                in.requireUninterrupted();
                long[] columns = bin(in, corners[0], corners[2], column, shape[1], image.size(2));
                bins.push_back(greatest(image, rows, columns));
            }
        }
        return torch.stack(bins, 1).reshape(image.size(0), shape[0], shape[1]);
    }

    /** Where a bin begins, and how many elements it holds. */
    private static long[] bin(Call in, double from, double to, long bin, long bins, long size) {
        float scale = (float) in.real("spatial_scale", 1);
        long start = Math.round(from * scale);
        long length = Math.max(1, Math.round(to * scale) - start + 1);
        float each = (float) length / bins;
        long first = clamped((long) Math.floor(bin * each) + start, size);
        long end = clamped((long) Math.ceil((bin + 1) * each) + start, size);
        return new long[] {first, Math.max(0, end - first)};
    }

    private static long clamped(long index, long size) {
        return Math.max(0, Math.min(size, index));
    }

    private static Tensor greatest(Tensor image, long[] rows, long[] columns) {
        if (rows[1] == 0 || columns[1] == 0) {
            return torch.zeros(new long[] {image.size(0)}, image.options());
        }
        Tensor cut = image.narrow(1, rows[0], rows[1]).narrow(2, columns[0], columns[1]);
        return torch.amax(cut, new long[] {1, 2}, false);
    }
}
