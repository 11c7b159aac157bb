package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.function.UnaryOperator;
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
        reduction(ops, "ReduceL1", 18, (x, axes, keep) -> sum(MathOps.abs(x), axes, keep));
        reduction(ops, "ReduceL2", 18, ReduceOps::euclidean);
        reduction(ops, "ReduceLogSum", 18, (x, axes, keep) -> real(x, real -> torch.log(sum(real, axes, keep))));
        reduction(ops, "ReduceLogSumExp", 18, (x, axes, keep) -> real(x, real -> torch.logsumexp(real, axes, keep)));
        reduction(
                ops,
                "ReduceSumSquare",
                18,
                (x, axes, keep) -> sum(WholeNumbers.compute(x, each -> torch.mul(each, each)), axes, keep));
        ops.op("ArgMax", 1, in -> best(in, true));
        ops.op("ArgMin", 1, in -> best(in, false));
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
            return body.of(x.unsqueeze(-1), new long[] {x.dim()}, false);
        }
        long[] axes = given.length == 0 ? Operands.allAxes(x.dim()) : Operands.axes(in, given, x.dim());
        return body.of(x, axes, keep);
    }

    private static Tensor sum(Tensor x, long[] axes, boolean keep) {
        return WholeNumbers.compute(x, whole -> torch.sum(whole, axes, keep, Operands.sameType(whole)));
    }

    /** Whole numbers are reduced as real ones. */
    private static Tensor real(Tensor x, UnaryOperator<Tensor> body) {
        return x.is_floating_point()
                ? body.apply(x)
                : Operands.as(body.apply(x.to(ScalarType.Double)), Operands.type(x));
    }

    private static Tensor mean(Tensor x, long[] axes, boolean keep) {
        return real(x, real -> torch.mean(real, axes, keep, new ScalarTypeOptional()));
    }

    /** The extreme of nothing is the type's other end. */
    private static Tensor extreme(Tensor x, long[] axes, boolean keep, boolean greatest) {
        boolean ofNothing = Arrays.stream(axes).anyMatch(axis -> x.size(axis) == 0);
        if (ofNothing) {
            Tensor shape = sum(x, axes, keep);
            return x.is_floating_point()
                    ? torch.full_like(shape, new Scalar(greatest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY))
                    : torch.full_like(shape.to(ScalarType.Long), new Scalar(otherEnd(x, greatest)))
                            .to(Operands.type(x));
        }
        Tensor ordered = WholeNumbers.ordered(x);
        Tensor found = greatest ? torch.amax(ordered, axes, keep) : torch.amin(ordered, axes, keep);
        return WholeNumbers.restored(found, Operands.type(x));
    }

    /** The least whole number of a type, or the greatest; the bits of one beyond int64. */
    private static long otherEnd(Tensor x, boolean lowest) {
        ElementType type = Tensors.elementType(x);
        int bits = type == ElementType.BOOL ? 1 : type.bits();
        if (type == ElementType.BOOL || type.name().startsWith("U")) {
            return lowest ? 0 : -1L >>> (Long.SIZE - bits);
        }
        long most = Long.MAX_VALUE >> (Long.SIZE - bits);
        return lowest ? -most - 1 : most;
    }

    private static Tensor prod(Tensor x, long[] axes, boolean keep) {
        Tensor product = x;
        for (long axis : axes) {
            product = WholeNumbers.compute(product, part -> torch.prod(part, axis, true, Operands.sameType(part)));
        }
        return keep || axes.length == 0 ? product : product.squeeze(axes);
    }

    private static Tensor euclidean(Tensor x, long[] axes, boolean keep) {
        return real(x, real -> torch.linalg_vector_norm(real, new Scalar(2), axes, keep, new ScalarTypeOptional()));
    }

    /** Of equal elements the first wins, or the last where the node says so. */
    private static Tensor best(Call in, boolean greatest) {
        Tensor x = WholeNumbers.ordered(in.tensor(0));
        int axis = Operands.axis(in, in.whole("axis", 0), x.dim());
        boolean last = in.flag("select_last_index", false);
        Tensor searched = last ? x.flip(axis) : x;
        var along = new LongOptional(axis);
        boolean keep = in.flag("keepdims", true);
        Tensor found = greatest ? torch.argmax(searched, along, keep) : torch.argmin(searched, along, keep);
        return last ? torch.sub(torch.full_like(found, new Scalar(x.size(axis) - 1)), found) : found;
    }
}
