package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What a transposed convolution keeps of all that its kernel touches.
 *
 * @param full the size of all that the kernel touches, along each spatial axis
 * @param before how much of it is left out in front; 0 or more
 * @param output the size that is kept, beyond the end of what is touched too
 */
record TransposedWindow(
        long[] kernel, long[] strides, long[] dilations, long[] full, long[] before, long[] output, long[] stretch) {

    /** The part that a node's attributes describe. */
    static TransposedWindow of(Call in, Tensor x, long... kernel) {
        int axes = kernel.length;
        Sizes.atLeast(in, "kernel_shape", 1, kernel);
        long[] strides = Sizes.perAxis(in, "strides", axes, 1, 1);
        long[] dilations = Sizes.perAxis(in, "dilations", axes, 1, 1);
        long[] stretch = Sizes.perAxis(in, "output_padding", axes, 0, 0);
        var place = new TransposedWindow(
                kernel, strides, dilations, new long[axes], new long[axes], new long[axes], stretch);
        for (int i = 0; i < axes; i++) {
            long input = x.size(2 + i);
            place.full[i] = Math.addExact(
                    Math.multiplyExact(strides[i], input - 1),
                    Math.addExact(Math.multiplyExact(dilations[i], kernel[i] - 1), 1));
            place.place(in, i, input);
        }
        return place;
    }

    private void place(Call in, int axis, long input) {
        String auto = in.text("auto_pad", "NOTSET");
        long reach = Math.addExact(full[axis], stretch[axis]);
        long[] wanted = in.longs("output_shape");
        if (wanted.length > 0 || auto.startsWith("SAME")) {
            output[axis] = wanted.length > 0
                    ? wanted(in, wanted, axis)
                    : Math.min(reach, Math.multiplyExact(input, strides[axis]));
            long total = Math.max(0, reach - output[axis]);
            before[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        } else {
            long[] pads = Sizes.perAxis(in, "pads", 2 * kernel.length, 0, 0);
            boolean valid = auto.equals("VALID");
            before[axis] = valid ? 0 : pads[axis];
            output[axis] = valid ? reach : Math.subtractExact(reach - pads[axis], pads[kernel.length + axis]);
        }
        Sizes.atLeast(in, "output size", 0, output[axis]);
    }

    /** Older models write batch and channels into the wanted shape too. */
    private long wanted(Call in, long[] wanted, int axis) {
        int axes = kernel.length;
        if (wanted.length != axes && wanted.length != axes + 2) {
            throw in.refuse("needs " + axes + " numbers in 'output_shape', not " + Arrays.toString(wanted));
        }
        return wanted[wanted.length - axes + axis];
    }

    /** Whether libtorch can leave out and add these parts itself. */
    boolean isDirect() {
        for (int i = 0; i < kernel.length; i++) {
            long padding = outputPadding()[i];
            if (padding < 0 || padding >= Math.max(strides[i], dilations[i])) {
                return false;
            }
        }
        return true;
    }

    /** What libtorch must add behind when it leaves out as much behind as in front. */
    long[] outputPadding() {
        long[] padding = new long[kernel.length];
        Arrays.setAll(padding, i -> output[i] - (full[i] - 2 * before[i]));
        return padding;
    }

    /** The kept part of all that is touched. */
    Tensor cut(Call in, Tensor whole) {
        long[] front = new long[kernel.length];
        long[] behind = new long[kernel.length];
        Arrays.setAll(front, i -> -before[i]);
        Arrays.setAll(behind, i -> output[i] + before[i] - full[i]);
        return Sizes.padded(in, whole, front, behind, new Scalar(0));
    }

    /** Refuses results that this machine could not hold. */
    void requireRoom(Call in, Tensor x, long channels) {
        long[] shape = new long[kernel.length + 2];
        shape[0] = x.size(0);
        shape[1] = channels;
        Arrays.setAll(shape, i -> i == 0 ? x.size(0) : i == 1 ? channels : Math.max(full[i - 2], output[i - 2]));
        Operands.requireRoom(in, x.element_size(), shape);
    }
}
