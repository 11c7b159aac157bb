package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Sums and products of all elements up to each one. */
final class CumulativeOps {
    private CumulativeOps() {}

    static void register(OpTable ops) {
        ops.op(
                "CumSum",
                11,
                in -> cumulated(in, torch::zeros_like, (x, axis) -> torch.cumsum(x, axis, Operands.sameType(x))));
        ops.op(
                "CumProd",
                26,
                in -> cumulated(in, torch::ones_like, (x, axis) -> torch.cumprod(x, axis, Operands.sameType(x))));
    }

    private interface Start {
        /** What the sum or product of nothing is, in the shape and type of an array. */
        Tensor like(Tensor x);
    }

    private interface Cumulation {
        Tensor along(Tensor x, long axis);
    }

    private static Tensor cumulated(Call in, Start start, Cumulation body) {
        int axis = Operands.axis(in, in.scalarWhole(1), in.tensor(0).dim());
        return WholeNumbers.compute(in.tensor(0), x -> cumulated(in, x, axis, start, body));
    }

    private static Tensor cumulated(Call in, Tensor x, int axis, Start start, Cumulation body) {
        boolean reverse = in.flag("reverse", false);
        Tensor forward = reverse ? x.flip(axis) : x;
        Tensor shifted = in.flag("exclusive", false) ? shifted(forward, axis, start) : forward;
        Tensor results = body.along(shifted, axis);
        return reverse ? results.flip(axis) : results;
    }

    /** First what nothing gives, then each element's predecessor. */
    private static Tensor shifted(Tensor x, int axis, Start start) {
        if (x.size(axis) == 0) {
            return x;
        }
        Tensor first = start.like(x.narrow(axis, 0, 1));
        return torch.cat(Operands.list(first, x.narrow(axis, 0, x.size(axis) - 1)), axis);
    }
}
