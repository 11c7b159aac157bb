package dev.graft.torch.ops;

import dev.graft.graph.GraphException;
import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Blocks of an image that stand as columns, [batch, channels * block, places], put back where they were cut out. */
final class Columns {
    private Columns() {}

    /** The image whose elements are sums over all blocks that hold them. */
    static Tensor toImage(Call in) {
        Tensor x = in.tensor(0);
        long[] image = Sizes.atLeast(in, "image_shape", 1, in.longs(1));
        long[] block = Sizes.atLeast(in, "block_shape", 1, in.longs(2));
        int axes = image.length;
        if (axes == 0 || block.length != axes || x.dim() != 3) {
            throw in.refuse("makes an image of shape " + Arrays.toString(image) + " from blocks of shape "
                    + Arrays.toString(block) + " in an array of shape " + Arrays.toString(x.shape()));
        }
        long[] pads = Sizes.perAxis(in, "pads", 2 * axes, 0, 0);
        long[] padded = new long[axes];
        Arrays.setAll(padded, i -> Math.addExact(Math.addExact(image[i], pads[i]), pads[axes + i]));
        Tensor places = places(in, x, padded, block);
        long channels = x.size(1) / Operands.count(in, block);
        long planes = Operands.count(in, x.size(0), channels);
        Operands.requireRoom(in, x.element_size(), Operands.count(in, padded), planes);
        Tensor zeros = torch.zeros(new long[] {planes, Operands.count(in, padded)}, x.options());
        Tensor sums = zeros.index_add(1, places, x.reshape(planes, places.numel()));
        return cut(in, sums.reshape(shape(x.size(0), channels, padded)), pads);
    }

    /** For each element of a block and each place of the block where it lies in the flattened, padded image. */
    private static Tensor places(Call in, Tensor x, long[] padded, long[] block) {
        int axes = block.length;
        long[] strides = Sizes.perAxis(in, "strides", axes, 1, 1);
        long[] dilations = Sizes.perAxis(in, "dilations", axes, 1, 1);
        long[] counts = new long[axes];
        long elements = Operands.count(in, block);
        if (x.size(1) % elements != 0) {
            throw misfit(in, x, elements, padded);
        }
        Tensor place = torch.zeros_like(Operands.counting(1, x));
        for (int i = 0; i < axes; i++) {
            long extent = Math.addExact(Math.multiplyExact(dilations[i], block[i] - 1), 1);
            counts[i] = padded[i] < extent ? 0 : (padded[i] - extent) / strides[i] + 1;
            Operands.requireRoom(in, Long.BYTES, block[i], counts[i]);
            long[] alongBlock = Sizes.filled(2 * axes, 1);
            long[] alongPlaces = alongBlock.clone();
            alongBlock[i] = block[i];
            alongPlaces[axes + i] = counts[i];
            Tensor within = torch.mul(Operands.counting(block[i], x), new Scalar(dilations[i]))
                    .reshape(alongBlock);
            Tensor start = torch.mul(Operands.counting(counts[i], x), new Scalar(strides[i]))
                    .reshape(alongPlaces);
            place = torch.add(torch.mul(place, new Scalar(padded[i])), torch.add(within, start));
        }
        if (x.size(2) != Operands.count(in, counts)) {
            throw misfit(in, x, elements, counts);
        }
        return place.reshape(-1);
    }

    private static GraphException misfit(Call in, Tensor x, long elements, long... places) {
        return in.refuse("has columns of shape " + Arrays.toString(x.shape()) + " for blocks of " + elements
                + " elements at " + Arrays.toString(places) + " places");
    }

    private static long[] shape(long batch, long channels, long... spatial) {
        long[] shape = new long[spatial.length + 2];
        shape[0] = batch;
        shape[1] = channels;
        System.arraycopy(spatial, 0, shape, 2, spatial.length);
        return shape;
    }

    private static Tensor cut(Call in, Tensor x, long[] pads) {
        int axes = pads.length / 2;
        long[] before = new long[axes];
        long[] behind = new long[axes];
        Arrays.setAll(before, i -> -pads[i]);
        Arrays.setAll(behind, i -> -pads[axes + i]);
        return Sizes.padded(in, x, before, behind, new Scalar(0));
    }
}
