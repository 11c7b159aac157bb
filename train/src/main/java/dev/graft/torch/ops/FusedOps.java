package dev.graft.torch.ops;

import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static org.bytedeco.pytorch.global.torch.add;
import static org.bytedeco.pytorch.global.torch.addcmul;
import static org.bytedeco.pytorch.global.torch.addmm;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.mm;
import static org.bytedeco.pytorch.global.torch.native_layer_norm;

import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The operators that fusion makes. */
final class FusedOps {
    private FusedOps() {}

    static void register(OpTable ops) {
        ops.op(DOMAIN, FusedOperators.LAYER_NORM, 1, FusedOps::layerNorm);
        ops.op(DOMAIN, FusedOperators.GELU, 1, in -> gelu(in.tensor(0), in.text("approximate", "none")));
        ops.op(DOMAIN, FusedOperators.LINEAR, 1, FusedOps::linear);
        ops.op(DOMAIN, FusedOperators.DROPOUT_ADD, 1, FusedOps::dropoutAdd);
        ops.op(DOMAIN, FusedOperators.NARROW, 1, in -> in.narrow(0));
        ops.op(DOMAIN, FusedOperators.WIDEN, 1, FusedOps::widen);
        ops.op(DOMAIN, FusedOperators.STOP_GRADIENT, 1, in -> in.tensor(0).detach());
        ops.withoutGradient(DOMAIN + "." + FusedOperators.STOP_GRADIENT);
    }

    private static Tensor widen(Call in) {
        Tensor x = in.tensor(0);
        return Operands.type(x) == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
    }

    private static Tensor layerNorm(Call in) {
        Tensor x = in.tensor(0);
        return native_layer_norm(x, new long[] {x.size(-1)}, optional(in, 1), optional(in, 2), in.real("epsilon", 1e-5))
                .get0();
    }

    private static Tensor linear(Call in) {
        Tensor x = in.tensor(0);
        Tensor weight = in.flag("transposed", false) ? in.tensor(1).t() : in.tensor(1);
        Tensor rows = x.dim() == 2 ? x : x.reshape(-1, x.size(-1));
        Tensor product = in.has(2) ? addmm(in.tensor(2), rows, weight) : mm(rows, weight);
        long[] shape = x.shape();
        shape[shape.length - 1] = weight.size(1);
        return x.dim() == 2 ? product : product.view(shape);
    }

    private static Tensor dropoutAdd(Call in) {
        Tensor x = in.tensor(0);
        Tensor rest = in.tensor(1);
        double rate = in.real("rate", 0.5);
        if (!in.drops(rate)) {
            return add(x, rest);
        }
        return DroppedSum.fits(x, rest)
                ? in.computed(new DroppedSum(in.dropping(rate)), List.of(x.view_as(x), rest.view_as(rest)), List.of())
                : addcmul(rest, x, in.dropoutFactors(x, rate));
    }

    private static TensorOptional optional(Call in, int index) {
        return in.has(index) ? new TensorOptional(in.tensor(index)) : new TensorOptional();
    }
}
