package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Sums, means, extremes and the like over axes. */
final class ReduceOps {
    private ReduceOps() {}

    static void register(OpTable ops) {
        reduction(ops, "ReduceSum", 13, ReduceOps::sum);
        reduction(ops, "ReduceMean", 18, ReduceOps::mean);
        reduction(ops, "ReduceMax", 18, (x, axes, keep) -> extreme(x, axes, keep, true));
        reduction(ops, "ReduceMin", 18, (x, axes, keep) -> extreme(x, axes, keep, false));
        reduction(ops, "ReduceProd", 18, ReduceOps::prod);
        reduction(ops, "ReduceL1", 18, (x, axes, keep) -> sum(torch.abs(x), axes, keep));
        reduction(ops, "ReduceL2", 18, ReduceOps::euclidean);
        reduction(ops, "ReduceLogSum", 18, (x, axes, keep) -> torch.log(sum(x, axes, keep)));
        reduction(ops, "ReduceLogSumExp", 18, (x, axes, keep) -> torch.logsumexp(x, axes, keep));
        reduction(ops, "ReduceSumSquare", 18, (x, axes, keep) -> sum(torch.mul(x, x), axes, keep));
        ops.op("ArgMax", 1, in -> best(in, true));
        ops.op("ArgMin", 1, in -> best(in, false));
        ops.op("CumSum", 11, ReduceOps::cumulativeSum);
        ops.withoutGradient("ArgMax", "ArgMin");
    }

    private interface Reduction {
        /** Reduces over axes, of which there is one or more unless the operand is a scalar. */
        Tensor of(Tensor x, long[] axes, boolean keep);
    }

    /** Axes are an attribute at first, and an operand from some opset on. */
    private static void reduction(OpTable ops, String name, long sinceOperand, Reduction body) {
        ops.op(name, 1, in -> reduce(in, in.longs("axes"), body));
        ops.op(name, sinceOperand, in -> reduce(in, in.has(1) ? in.longs(1) : new long[0], body));
    }

    private static Tensor reduce(Call in, long[] given, Reduction body) {
        Tensor x = in.tensor(0);
        boolean keep = in.flag("keepdims", true);
        if (given.length == 0 && in.flag("noop_with_empty_axes", false)) {
            return x;
        }
        long[] axes = given.length == 0 ? Operands.allAxes(x.dim()) : Operands.axes(in, given, x.dim());
        return body.of(x, axes, keep);
    }

    private static Tensor sum(Tensor x, long[] axes, boolean keep) {
        return torch.sum(x, axes, keep, Operands.sameType(x));
    }

    private static Tensor mean(Tensor x, long[] axes, boolean keep) {
        return x.is_floating_point()
                ? torch.mean(x, axes, keep, new ScalarTypeOptional())
                : torch.mean(x, axes, keep, new ScalarTypeOptional(ScalarType.Double))
                        .to(Operands.type(x));
    }

    /** The extreme of nothing is the type's other end. */
    private static Tensor extreme(Tensor x, long[] axes, boolean keep, boolean greatest) {
        boolean ofNothing = Arrays.stream(axes).anyMatch(axis -> x.size(axis) == 0);
        if (ofNothing) {
            Tensor shape = sum(x, axes, keep);
            return torch.full_like(shape, otherEnd(x, greatest));
        }
        return greatest ? torch.amax(x, axes, keep) : torch.amin(x, axes, keep);
    }

    private static Scalar otherEnd(Tensor x, boolean lowest) {
        if (x.is_floating_point()) {
            return new Scalar(lowest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        ScalarType type = Operands.type(x);
        if (type == ScalarType.Bool || type == ScalarType.Byte) {
            return new Scalar(lowest ? 0 : type == ScalarType.Bool ? 1 : 255);
        }
        long most = Long.MAX_VALUE >> (64 - 8 * x.element_size());
        return new Scalar(lowest ? -most - 1 : most);
    }

    private static Tensor prod(Tensor x, long[] axes, boolean keep) {
        Tensor product = x;
        for (long axis : axes) {
            product = torch.prod(product, axis, true, Operands.sameType(x));
        }
        return keep || axes.length == 0 ? product : product.squeeze(axes);
    }

    private static Tensor euclidean(Tensor x, long[] axes, boolean keep) {
        Tensor real = x.is_floating_point() ? x : x.to(ScalarType.Double);
        Tensor length = torch.linalg_vector_norm(real, new Scalar(2), axes, keep, new ScalarTypeOptional());
        return Operands.as(length, Operands.type(x));
    }

    /** Of equal elements the first wins, or the last where the node says so. */
    private static Tensor best(Call in, boolean greatest) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), x.dim());
        boolean last = in.flag("select_last_index", false);
        Tensor searched = last ? x.flip(axis) : x;
        var along = new LongOptional(axis);
        boolean keep = in.flag("keepdims", true);
        Tensor found = greatest ? torch.argmax(searched, along, keep) : torch.argmin(searched, along, keep);
        return last ? torch.sub(torch.full_like(found, new Scalar(x.size(axis) - 1)), found) : found;
    }

    private static Tensor cumulativeSum(Call in) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.scalarWhole(1), x.dim());
        boolean reverse = in.flag("reverse", false);
        Tensor forward = reverse ? x.flip(axis) : x;
        Tensor shifted = in.flag("exclusive", false) ? shifted(forward, axis) : forward;
        Tensor sums = torch.cumsum(shifted, axis, Operands.sameType(x));
        return reverse ? sums.flip(axis) : sums;
    }

    /** The first element 0, and each other one what stood before it. */
    private static Tensor shifted(Tensor x, int axis) {
        if (x.size(axis) == 0) {
            return x;
        }
        Tensor first = torch.zeros_like(x.narrow(axis, 0, 1));
        return torch.cat(Operands.list(first, x.narrow(axis, 0, x.size(axis) - 1)), axis);
    }
}
