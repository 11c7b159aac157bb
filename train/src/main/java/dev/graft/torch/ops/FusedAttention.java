package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.baddbmm;
import static org.bytedeco.pytorch.global.torch.bmm;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.softmax;

import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Attention of many heads, as fusion finds it. */
final class FusedAttention {
    private FusedAttention() {}

    static void register(OpTable ops) {
        ops.op(FusedOperators.DOMAIN, FusedOperators.ATTENTION, 1, FusedAttention::attention);
    }

    private static Tensor attention(Call in) {
        double rate = in.real("dropout", 0);
        Tensor q = heads(in, 0);
        Tensor k = heads(in, 1);
        Tensor v = heads(in, 2);
        double scale = in.real("scale", 1 / Math.sqrt(q.size(3)));
        boolean narrow = Operands.type(q) == ScalarType.BFloat16;
        if ((in.drops(rate) || narrow) && LearningAttention.fits(in, q.size(1))) {
            return LearningAttention.mixed(in, q.size(1), scale, rate);
        }
        Tensor mixed = in.drops(rate) || narrow ? stepByStep(in, q, k, v, scale, rate) : atOnce(in, q, k, v, scale);
        return mixed.transpose(1, 2).flatten(2, 3);
    }

    /** [batch, positions, heads·d] as [batch, heads, positions, d]. */
    private static Tensor heads(Call in, int operand) {
        Tensor x = in.tensor(operand);
        long heads = in.whole("heads", 0);
        if (heads < 1 || x.dim() != 3 || x.size(2) % heads != 0) {
            throw in.refuse("cannot split operand " + operand + " into " + heads + " heads");
        }
        return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
    }

    private static Tensor atOnce(Call in, Tensor q, Tensor k, Tensor v, double scale) {
        TensorOptional mask = mask(in).map(TensorOptional::new).orElseGet(TensorOptional::new);
        return scaled_dot_product_attention(q, k, v, mask, 0, false, new DoubleOptional(scale), false);
    }

    /** The kernel above is slow with dropout, and in bfloat16; here all heads of all examples are one batch of products. */
    private static Tensor stepByStep(Call in, Tensor q, Tensor k, Tensor v, double scale, double rate) {
        Tensor keys = k.flatten(0, 1).transpose(1, 2);
        Tensor scores = baddbmm(unread(q), q.flatten(0, 1), keys, new Scalar(0.0), new Scalar(scale));
        Optional<Tensor> unshifted = UnshiftedAttention.mixed(in, scores, v);
        if (unshifted.isPresent()) {
            return unshifted.get();
        }
        Optional<Tensor> mask = mask(in);
        if (mask.isPresent()) {
            long[] shape = {q.size(0), q.size(1), q.size(2), k.size(2)};
            scores = scores.view(shape).add_(additive(mask.get(), q)).flatten(0, 1);
        }
        Tensor shares = softmax(scores, -1);
        Tensor mixed = bmm(in.dropout(shares, rate), v.flatten(0, 1));
        return mixed.view(q.size(0), q.size(1), q.size(2), v.size(3));
    }

    /** What a product is to be added to where it is to be added to nothing, so that it is scaled as it is computed. */
    static Tensor unread(Tensor like) {
        return Tensors.empty(Operands.type(like), 1).to(like.device(), Operands.type(like));
    }

    /** The mask, where there is one and it masks something; texts of one length have one that does not. */
    static Optional<Tensor> mask(Call in) {
        if (!in.has(3)) {
            return Optional.empty();
        }
        Tensor mask = in.tensor(3);
        boolean forAllQueries = mask.dim() < 2 || mask.size(-2) == 1;
        boolean looked = forAllQueries && mask.is_cpu() && !mask.requires_grad();
        return looked && masksNothing(mask) ? Optional.empty() : Optional.of(mask);
    }

    private static boolean masksNothing(Tensor mask) {
        return mask.scalar_type().intern() == ScalarType.Bool
                ? mask.all().item_bool()
                : !mask.any().item_bool();
    }

    /** Truth values, where true means to attend, as numbers to add. */
    static Tensor additive(Tensor mask, Tensor like) {
        if (mask.scalar_type().intern() != ScalarType.Bool) {
            return Operands.type(like) == ScalarType.BFloat16 ? Tensors.narrow(mask) : mask;
        }
        Tensor zeros = torch.zeros_like(mask.to(like.scalar_type()));
        return zeros.masked_fill(mask.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    }
}
