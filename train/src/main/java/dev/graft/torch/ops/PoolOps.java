package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Pools: what a window sees, taken together. */
final class PoolOps {
    private PoolOps() {}

    static void register(OpTable ops) {
        ops.multi("MaxPool", 1, MaxPool::of);
        ops.op("MaxUnpool", 9, MaxPool::undone);
        ops.op("AveragePool", 1, in -> averagePool(in, in.tensor(0)));
        ops.op("LpPool", 1, in -> lpPool(in, in.real("p", 2)));
        ops.op("LpPool", 2, in -> lpPool(in, in.whole("p", 2)));
        ops.op("GlobalMaxPool", 1, in -> torch.amax(in.tensor(0), spatial(in), true));
        ops.op("GlobalAveragePool", 1, in -> torch.mean(in.tensor(0), spatial(in), true, new ScalarTypeOptional()));
        ops.op("GlobalLpPool", 1, in -> norm(in.tensor(0), in.real("p", 2), spatial(in), true));
        ops.op("GlobalLpPool", 2, in -> norm(in.tensor(0), in.whole("p", 2), spatial(in), true));
    }

    /** The window of a pool, which never lies in padding alone. */
    static Window window(Call in) {
        return window(in, in.tensor(0));
    }

    private static Window window(Call in, Tensor x) {
        Window window = Window.of(in, x, in.longs("kernel_shape"));
        for (int i = 0; i < window.axes(); i++) {
            if (Math.max(window.before()[i], window.after()[i]) >= window.extent(i)) {
                throw in.refuse("pads axis " + (2 + i) + " by as much as its kernel spans or more");
            }
        }
        window.requireRoom(in, x, x.size(1));
        return window;
    }

    /** What lies behind the padding counts for a dilated kernel alone, as in ONNX's own tests. */
    static Tensor averagePool(Call in, Tensor x) {
        Window window = window(in, x);
        boolean countPadding = in.flag("count_include_pad", false);
        boolean dilated = Arrays.stream(window.dilations()).anyMatch(step -> step > 1);
        if (window.isNative() && !dilated) {
            return average(x, window, countPadding);
        }
        Scalar none = new Scalar(0);
        Scalar one = new Scalar(1);
        Tensor ones = torch.ones_like(x.narrow(0, 0, Math.min(1, x.size(0))).narrow(1, 0, Math.min(1, x.size(1))));
        Tensor counted = window.padded(in, ones, countPadding ? one : none);
        Tensor elements = sum(in, window, counted, countPadding && dilated ? one : none);
        return torch.div(sum(in, window, window.padded(in, x, none), none), elements);
    }

    private static Tensor average(Tensor x, Window window, boolean countPadding) {
        boolean ceil = window.overhangs();
        long[] kernel = window.kernel();
        long[] pads = window.before();
        return switch (kernel.length) {
            case 1 -> torch.avg_pool1d(x, kernel, window.strides(), pads, ceil, countPadding);
            case 2 -> torch.avg_pool2d(x, kernel, window.strides(), pads, ceil, countPadding, new LongOptional());
            default -> averageOfVolumes(x, window, countPadding);
        };
    }

    /** Half precision is computed as float32, for libtorch has no kernel for it here. */
    private static Tensor averageOfVolumes(Tensor x, Window window, boolean countPadding) {
        ScalarType type = Operands.type(x);
        Tensor average = torch.avg_pool3d(
                Operands.as(x, type == ScalarType.Double ? type : ScalarType.Float),
                window.kernel(),
                window.strides(),
                window.before(),
                window.overhangs(),
                countPadding,
                new LongOptional());
        return Operands.as(average, type);
    }

    private static Tensor sum(Call in, Window window, Tensor padded, Scalar behind) {
        Tensor whole = window.extended(in, padded, behind);
        return torch.sum(window.views(whole), window.kernelAxes(), false, Operands.sameType(whole));
    }

    private static Tensor lpPool(Call in, double p) {
        Window window = window(in);
        Scalar zero = new Scalar(0);
        Tensor padded = window.extended(in, window.padded(in, in.tensor(0), zero), zero);
        return norm(window.views(padded), p, window.kernelAxes(), false);
    }

    private static Tensor norm(Tensor x, double p, long[] axes, boolean keep) {
        return torch.linalg_vector_norm(x, new Scalar(p), axes, keep, new ScalarTypeOptional());
    }

    private static long[] spatial(Call in) {
        long rank = in.tensor(0).dim();
        if (rank < 2) {
            throw in.refuse("needs a batch and channels, not shape "
                    + Arrays.toString(in.tensor(0).shape()));
        }
        return LongStream.range(2, rank).toArray();
    }
}
