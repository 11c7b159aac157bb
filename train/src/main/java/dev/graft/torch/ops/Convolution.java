package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Convolutions over 1 to 3 spatial axes, with a node's attributes on arrays of real numbers. */
final class Convolution {
    private static final Scalar ZERO = new Scalar(0);
    private static final int PICTURES = 4;

    private Convolution() {}

    /** The convolution of an array [batch, channels, axes…] with kernels [outputs, channels per group, axes…]. */
    static Tensor of(Call in, Tensor x, Tensor kernels, TensorOptional bias) {
        Window window = Window.of(in, x, kernel(in, x, kernels));
        window.requireRoom(in, x, kernels.size(0));
        boolean symmetric = window.isSymmetric();
        long[] none = new long[window.axes()];
        Tensor padded = channelsLast(symmetric ? x : window.padded(in, x, ZERO));
        long[] pads = symmetric ? window.before() : none;
        return torch.convolution(
                padded, kernels, bias, window.strides(), pads, window.dilations(), false, none, groups(in, x));
    }

    /**
     * Pictures with the channels of a place side by side, which is how oneDNN convolves without laying out anew what it
     * reads and writes. What follows keeps the order, so that a network pays once, at its first convolution.
     */
    private static Tensor channelsLast(Tensor x) {
        boolean pays = x.dim() == PICTURES && x.is_cpu() && Operands.type(x) == ScalarType.Float;
        return pays ? x.contiguous(MemoryFormat.ChannelsLast) : x;
    }

    /** Kernels in the layout in which a convolution reads them, so that it does not lay them out in each run. */
    static Tensor laidOut(Tensor kernels) {
        return new Tensor(channelsLast(kernels));
    }

    /** The way back through a convolution, from its result to its operand's size. */
    static Tensor transposed(Call in, Tensor x, Tensor kernels, TensorOptional bias) {
        var place = TransposedWindow.of(in, x, kernel(in, x, kernels));
        long groups = groups(in, x);
        place.requireRoom(in, x, Operands.count(in, kernels.size(1), groups));
        long[] none = new long[place.before().length];
        if (place.isDirect()) {
            return torch.convolution(
                    x,
                    kernels,
                    bias,
                    place.strides(),
                    place.before(),
                    place.dilations(),
                    true,
                    place.outputPadding(),
                    groups);
        }
        Tensor whole = torch.convolution(
                x, kernels, new TensorOptional(), place.strides(), none, place.dilations(), true, none, groups);
        Tensor cut = place.cut(in, whole);
        return bias.has_value() ? torch.add(cut, bias.get().reshape(channelsOf(cut))) : cut;
    }

    /** A shape that spreads a vector over the channels of an array. */
    static long[] channelsOf(Tensor x) {
        long[] shape = Sizes.filled((int) x.dim(), 1);
        shape[1] = -1;
        return shape;
    }

    private static long[] kernel(Call in, Tensor x, Tensor kernels) {
        if (kernels.dim() < 3 || kernels.dim() > 5 || x.dim() != kernels.dim()) {
            throw in.refuse("convolves an array of shape " + Arrays.toString(x.shape()) + " with kernels of shape "
                    + Arrays.toString(kernels.shape()) + "; both need 1 to 3 axes after their first two");
        }
        long[] kernel = Arrays.copyOfRange(kernels.shape(), 2, (int) kernels.dim());
        long[] stated = in.longs("kernel_shape", kernel);
        if (!Arrays.equals(stated, kernel)) {
            throw in.refuse("states kernels of shape " + Arrays.toString(stated) + ", which are of shape "
                    + Arrays.toString(kernel));
        }
        return kernel;
    }

    private static long groups(Call in, Tensor x) {
        long groups = in.whole("group", 1);
        if (groups < 1 || x.size(1) % groups != 0) {
            throw in.refuse("divides " + x.size(1) + " channels into " + groups + " groups");
        }
        return groups;
    }
}
