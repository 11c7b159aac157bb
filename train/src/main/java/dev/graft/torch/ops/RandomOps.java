package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.ones_like;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators that draw random numbers. */
final class RandomOps {
    private static final double DEFAULT_RATE = 0.5;

    private RandomOps() {}

    static void register(OpTable ops) {
        ops.multi("Dropout", 1, in -> withMaskOfNumbers(dropout(in, in.real("ratio", DEFAULT_RATE))));
        ops.multi("Dropout", 10, in -> dropout(in, in.real("ratio", DEFAULT_RATE)));
        ops.multi("Dropout", 12, in -> dropout(in, in.scalar(1, DEFAULT_RATE)));
    }

    /** The node's own word on training (operand 2) is that of the export; here the run decides. */
    private static List<Tensor> dropout(Call in, double rate) {
        Tensor x = in.tensor(0);
        if (!in.drops(rate)) {
            return in.wants(1) ? List.of(x, ones_like(x).to(ScalarType.Bool)) : List.of(x);
        }
        Tensor factors = in.dropoutFactors(x, rate);
        return in.wants(1) ? List.of(x.mul(factors), factors.to(ScalarType.Bool)) : List.of(x.mul(factors));
    }

    private static List<Tensor> withMaskOfNumbers(List<Tensor> results) {
        Tensor x = results.get(0);
        return results.size() == 1 ? results : List.of(x, results.get(1).to(x.scalar_type()));
    }
}
