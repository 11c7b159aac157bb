package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The greatest element that a window sees, where it stood, and the way back. */
final class MaxPool {
    private MaxPool() {}

    /** The greatest elements and, where they are wanted, their places in the flattened operand. */
    static List<Tensor> of(Call in) {
        Tensor x = in.tensor(0);
        Window window = PoolOps.window(in);
        Tensor real = x.is_floating_point() ? x : x.to(ScalarType.Float);
        boolean direct = window.isNative();
        Scalar least = new Scalar(Double.NEGATIVE_INFINITY);
        Tensor padded = direct ? real : window.extended(in, window.padded(in, real, least), least);
        long[] pads = direct ? window.before() : new long[window.axes()];
        T_TensorTensor_T pooled = pool(padded, window, pads, direct && window.overhangs());
        Tensor greatest = Operands.as(pooled.get0(), Operands.type(x));
        if (!in.wants(1)) {
            return List.of(greatest);
        }
        long[] front = direct ? new long[window.axes()] : window.before();
        return List.of(greatest, places(in, window, pooled.get1(), padded, front));
    }

    private static T_TensorTensor_T pool(Tensor x, Window window, long[] pads, boolean ceil) {
        long[] kernel = window.kernel();
        long[] strides = window.strides();
        return switch (kernel.length) {
            case 1 -> torch.max_pool1d_with_indices(x, kernel, strides, pads, window.dilations(), ceil);
            case 2 -> torch.max_pool2d_with_indices(x, kernel, strides, pads, window.dilations(), ceil);
            default -> torch.max_pool3d_with_indices(x, kernel, strides, pads, window.dilations(), ceil);
        };
    }

    /** From a place on the padded axes of one channel to the place in the whole operand. */
    private static Tensor places(Call in, Window window, Tensor within, Tensor padded, long[] front) {
        boolean columnsFirst = in.flag("storage_order", false);
        Tensor place = torch.zeros_like(within);
        Tensor rest = within;
        long[] input = window.input();
        for (int i = window.axes() - 1; i >= 0; i--) {
            Scalar size = new Scalar(padded.size(2 + i));
            Tensor coordinate = torch.sub(torch.remainder(rest, size), new Scalar(front[i]));
            rest = torch.floor_divide(rest, size);
            place = torch.add(place, torch.mul(coordinate, new Scalar(step(input, i, columnsFirst))));
        }
        long channels = within.size(0) * within.size(1);
        long perChannel = Arrays.stream(input).reduce(1, (a, b) -> a * b);
        long[] spread = Sizes.filled((int) within.dim(), 1);
        spread[0] = within.size(0);
        spread[1] = within.size(1);
        Tensor starts = torch.mul(Operands.counting(channels, within), new Scalar(perChannel))
                .reshape(spread);
        return torch.add(place, starts);
    }

    private static long step(long[] sizes, int axis, boolean columnsFirst) {
        long step = 1;
        for (int i = 0; i < sizes.length; i++) {
            step *= (columnsFirst ? i < axis : i > axis) ? sizes[i] : 1;
        }
        return step;
    }

    /** The elements put back to their places, and 0 elsewhere. */
    static Tensor undone(Call in) {
        Tensor x = in.tensor(0);
        Tensor index = in.tensor(1);
        long[] inferred = unpooled(in, x);
        long[] shape = in.has(2) ? in.longs(2).clone() : inferred;
        long elements = Operands.count(in, inferred);
        Operands.requireRoom(in, x.element_size(), inferred);
        if (!Arrays.equals(x.shape(), index.shape())) {
            throw in.refuse("puts an array of shape " + Arrays.toString(x.shape()) + " to places of shape "
                    + Arrays.toString(index.shape()));
        }
        if (index.numel() > 0 && (index.min().item_long() < 0 || index.max().item_long() >= elements)) {
            throw in.refuse("has a place outside an array of shape " + Arrays.toString(inferred));
        }
        Tensor flat = torch.zeros_like(x).sum().expand(elements);
        Tensor put = torch.scatter(flat, 0, index.reshape(-1), x.reshape(-1)).reshape(inferred);
        return Arrays.equals(shape, inferred) ? put : resized(in, put, shape);
    }

    private static long[] unpooled(Call in, Tensor x) {
        long[] kernel = Sizes.atLeast(in, "kernel_shape", 1, in.longs("kernel_shape"));
        if (x.dim() != kernel.length + 2) {
            throw in.refuse("needs a batch, channels and " + kernel.length + " axes more, not shape "
                    + Arrays.toString(x.shape()));
        }
        long[] strides = Sizes.perAxis(in, "strides", kernel.length, 1, 1);
        long[] pads = Sizes.perAxis(in, "pads", 2 * kernel.length, 0, 0);
        long[] shape = x.shape();
        for (int i = 0; i < kernel.length; i++) {
            long reach = Math.addExact(Math.multiplyExact(shape[2 + i] - 1, strides[i]), kernel[i]);
            shape[2 + i] = Math.subtractExact(reach - pads[i], pads[kernel.length + i]);
        }
        return shape;
    }

    /** A wanted shape that is larger takes zeros behind. */
    private static Tensor resized(Call in, Tensor put, long[] shape) {
        if (shape.length != put.dim()) {
            throw in.refuse("needs an output shape of " + put.dim() + " sizes, not " + Arrays.toString(shape));
        }
        long[] behind = new long[shape.length];
        Arrays.setAll(behind, i -> Math.subtractExact(shape[i], put.size(i)));
        return Sizes.padded(in, put, new long[shape.length], behind, new Scalar(0));
    }
}
