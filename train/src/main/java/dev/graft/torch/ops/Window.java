package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How a kernel slides over the spatial axes of an array of shape [batch, channels, axes…].
 *
 * @param input the size of each spatial axis
 * @param kernel the kernel's size along each
 * @param strides the step from one place of the kernel to the next, 1 or more
 * @param dilations the step from one element of the kernel to the next, 1 or more
 * @param before the padding in front of each axis, 0 or more
 * @param after the padding behind each axis, 0 or more
 * @param output the number of places along each axis
 */
record Window(
        long[] input, long[] kernel, long[] strides, long[] dilations, long[] before, long[] after, long[] output) {

    /** The window that a node's attributes describe. */
    static Window of(Call in, Tensor x, long... kernel) {
        int axes = kernel.length;
        if (axes < 1 || x.dim() != axes + 2) {
            throw in.refuse("slides a kernel of shape " + Arrays.toString(kernel) + " over an array of shape "
                    + Arrays.toString(x.shape()) + "; needed are a batch, channels, and " + axes + " axes more");
        }
        Sizes.atLeast(in, "kernel_shape", 1, kernel);
        long[] input = Arrays.copyOfRange(x.shape(), 2, axes + 2);
        long[] strides = Sizes.perAxis(in, "strides", axes, 1, 1);
        long[] dilations = Sizes.perAxis(in, "dilations", axes, 1, 1);
        var window = new Window(input, kernel, strides, dilations, new long[axes], new long[axes], new long[axes]);
        for (int i = 0; i < axes; i++) {
            window.place(in, i);
        }
        return window;
    }

    private void place(Call in, int axis) {
        String auto = in.text("auto_pad", "NOTSET");
        switch (auto) {
            case "SAME_UPPER", "SAME_LOWER" -> padToKeepSize(axis, auto.equals("SAME_LOWER"));
            case "NOTSET", "" -> padAsStated(in, axis);
            case "VALID" -> {}
            default -> throw in.refuse("has the unknown auto_pad '" + auto + "'");
        }
        long room = padded(axis) - extent(axis);
        boolean ceil = in.flag("ceil_mode", false) && (auto.equals("NOTSET") || auto.isEmpty());
        long places = (ceil ? Sizes.ceilDiv(room, strides[axis]) : Math.floorDiv(room, strides[axis])) + 1;
        boolean startsBehind = ceil && (places - 1) * strides[axis] >= input[axis] + before[axis];
        output[axis] = startsBehind ? places - 1 : places;
        if (output[axis] < 1) {
            throw in.refuse(
                    "slides a kernel that spans " + extent(axis) + " over a padded axis of size " + padded(axis));
        }
        strides[axis] = Math.min(strides[axis], padded(axis));
        dilations[axis] = kernel[axis] == 1 ? 1 : dilations[axis];
    }

    private void padToKeepSize(int axis, boolean inFront) {
        long lastPlace = (Sizes.ceilDiv(input[axis], strides[axis]) - 1) * strides[axis];
        long total = Math.max(0, lastPlace + extent(axis) - input[axis]);
        before[axis] = inFront ? total - total / 2 : total / 2;
        after[axis] = total - before[axis];
    }

    private void padAsStated(Call in, int axis) {
        long[] pads = Sizes.perAxis(in, "pads", 2 * kernel.length, 0, 0);
        before[axis] = pads[axis];
        after[axis] = pads[kernel.length + axis];
    }

    /** How much of an axis the kernel spans. */
    long extent(int axis) {
        return Math.addExact(Math.multiplyExact(dilations[axis], kernel[axis] - 1), 1);
    }

    private long padded(int axis) {
        return Math.addExact(Math.addExact(input[axis], before[axis]), after[axis]);
    }

    int axes() {
        return kernel.length;
    }

    /** Whether there is as much padding in front as behind. */
    boolean isSymmetric() {
        return Arrays.equals(before, after);
    }

    /** Whether libtorch's pools take this padding: even, and at most half a kernel. */
    boolean isNative() {
        for (int i = 0; i < axes(); i++) {
            if (before[i] > kernel[i] / 2) {
                return false;
            }
        }
        return isSymmetric();
    }

    /** How far the last place of the kernel reaches beyond the padding, along each axis. */
    long[] overhang() {
        long[] overhang = new long[axes()];
        Arrays.setAll(overhang, i -> Math.max(0, (output[i] - 1) * strides[i] + extent(i) - padded(i)));
        return overhang;
    }

    /** Whether the last place of the kernel reaches beyond the padding, along any axis. */
    boolean overhangs() {
        return Arrays.stream(overhang()).anyMatch(beyond -> beyond > 0);
    }

    /** An array with the padding around it. */
    Tensor padded(Call in, Tensor x, Scalar value) {
        return Sizes.padded(in, x, before, after, value);
    }

    /** A padded array with as much behind it as the kernel reaches there. */
    Tensor extended(Call in, Tensor padded, Scalar value) {
        return Sizes.padded(in, padded, new long[axes()], overhang(), value);
    }

    /** A padded array of shape [batch, channels, axes…] seen as [batch, channels, places…, kernel…]. */
    Tensor views(Tensor padded) {
        Tensor views = padded;
        for (int i = 0; i < axes(); i++) {
            views = views.unfold(2 + i, extent(i), strides[i])
                    .slice(-1, new LongOptional(), new LongOptional(), dilations[i]);
        }
        return views;
    }

    /** The axes of {@link #views} that run over the kernel. */
    long[] kernelAxes() {
        long[] last = new long[axes()];
        Arrays.setAll(last, i -> 2L + axes() + i);
        return last;
    }

    /** Refuses results that this machine could not hold. */
    void requireRoom(Call in, Tensor x, long channels) {
        long[] shape = new long[axes() + 2];
        shape[0] = x.size(0);
        shape[1] = channels;
        System.arraycopy(output, 0, shape, 2, axes());
        Operands.requireRoom(in, x.element_size(), shape);
    }
}
