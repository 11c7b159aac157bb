package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.baddbmm_out;
import static org.bytedeco.pytorch.global.torch.bmm_out;
import static org.bytedeco.pytorch.global.torch.mul_out;
import static org.bytedeco.pytorch.global.torch.softmax_out;

import dev.graft.torch.Call;
import dev.graft.torch.Dispatched;
import dev.graft.torch.Dropping;
import dev.graft.torch.OwnWayBack;
import dev.graft.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention for runs that learn, of a few examples at a time, so that what lies between the products stays in the
 * processor's cache. Nothing of it is kept for the way back, which computes it once more: over long texts that costs no
 * time, for it is reading and writing memory that takes it.
 *
 * <p>Source: the recomputation of Dao et al., "FlashAttention", 2022, example by example in place of tile by tile.
 *
 * @param batch how many examples there are
 * @param scale of the products of queries and keys
 * @param dropping what is dropped of the shares, where anything is
 */
record LearningAttention(long batch, double scale, Optional<Dropping> dropping) implements OwnWayBack {
    private static final Dispatched SOFTMAX_BACK = new Dispatched("aten::_softmax_backward_data", "out");

    /**
     * The values as mixed, [batch, heads, positions, width].
     *
     * @param q queries [batch, heads, positions, width]; keys and values have that shape too
     */
    static Tensor mixed(Call in, Tensor q, Tensor k, Tensor v, double scale, double rate) {
        Optional<Dropping> dropping = in.drops(rate) ? Optional.of(in.dropping(rate)) : Optional.empty();
        var attention = new LearningAttention(q.size(0), scale, dropping);
        List<Tensor> learning = List.of(q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1));
        List<Tensor> others = FusedAttention.mask(in).stream().toList();
        return in.computed(attention, learning, others).view(q.shape());
    }

    /**
     * Whether this pays and can be: scores that fill more than a part, one shape for all, in a type that dropout has
     * factors in, under a mask that is fixed.
     */
    static boolean fits(Call in, Tensor q, Tensor k, Tensor v) {
        boolean same = Arrays.equals(q.shape(), k.shape()) && Arrays.equals(q.shape(), v.shape());
        boolean still =
                !in.has(3) || !in.tensor(3).requires_grad() && in.tensor(3).dim() <= 4;
        boolean known = Operands.type(q) == ScalarType.Float || Operands.type(q) == ScalarType.BFloat16;
        boolean large = q.numel() / Math.max(1, q.size(3)) * q.size(2) * q.element_size() > PART_BYTES;
        return in.training() && q.is_cpu() && large && known && same && still;
    }

    /** Some examples' heads: from one on so many, with room for the scores and what is made of them. */
    private final class Part {
        private final Tensor q;
        private final Tensor k;
        private final Tensor v;
        private final List<Tensor> operands;
        private final long first;
        private final long examples;

        Part(List<Tensor> operands, long first, long examples) {
            this.operands = operands;
            this.first = first;
            this.examples = examples;
            this.q = of(operands.get(0));
            this.k = of(operands.get(1));
            this.v = of(operands.get(2));
        }

        Tensor of(Tensor all) {
            long heads = all.size(0) / batch;
            return all.narrow(0, first * heads, examples * heads);
        }

        /** Writes the softmax of the scores. */
        Tensor shares(Tensor scores, Tensor shares) {
            baddbmm_out(scores, FusedAttention.unread(q), q, k.transpose(1, 2), new Scalar(0.0), new Scalar(scale));
            if (operands.size() > 3) {
                long positions = q.size(1);
                scores.view(examples, q.size(0) / examples, positions, positions)
                        .add_(FusedAttention.additive(mask(operands.get(3)), q));
            }
            return softmax_out(shares, scores, -1);
        }

        private Tensor mask(Tensor mask) {
            return mask.dim() == 4 && mask.size(0) == batch && batch > 1 ? mask.narrow(0, first, examples) : mask;
        }

        /** Writes the factors of dropout. */
        Tensor factors(Dropping dropout, Tensor factors) {
            dropout.fill(factors, first * (q.size(0) / examples) * q.size(1) * q.size(1));
            return factors;
        }
    }

    /** How many examples make a part: a number by which an even number of scores comes before each. */
    private long examples(Tensor q) {
        long scores = q.size(0) / batch * q.size(1) * q.size(1);
        long fitting = Math.max(1, PART_BYTES / (scores * q.element_size()));
        return Math.min(batch, scores % 2 == 0 ? fitting : fitting + fitting % 2);
    }

    private List<Part> parts(List<Tensor> operands) {
        long examples = examples(operands.get(0));
        var parts = new ArrayList<Part>();
        for (long first = 0; first < batch; first += examples) {
            parts.add(new Part(operands, first, Math.min(examples, batch - first)));
        }
        return parts;
    }

    /** Room for what is computed of one part. */
    private Tensor room(Tensor q) {
        return Tensors.empty(Operands.type(q), examples(q) * (q.size(0) / batch), q.size(1), q.size(1));
    }

    @Override
    public void forward(List<Tensor> operands, Tensor result) {
        Tensor q = operands.get(0);
        Tensor first = room(q);
        Tensor second = room(q);
        for (Part part : parts(operands)) {
            Tensor scores = first.narrow(0, 0, part.q.size(0));
            Tensor shares = part.shares(scores, second.narrow(0, 0, part.q.size(0)));
            dropping.ifPresent(dropout -> shares.mul_(part.factors(dropout, scores)));
            bmm_out(part.of(result), shares, part.v);
        }
    }

    @Override
    public List<Tensor> backward(List<Tensor> operands, Tensor gradient) {
        Tensor q = operands.get(0);
        List<Tensor> rooms = List.of(room(q), room(q), room(q));
        List<Tensor> gradients =
                operands.subList(0, 3).stream().map(torch::empty_like).toList();
        Tensor whole = gradient.contiguous();
        for (Part part : parts(operands)) {
            List<Tensor> room = rooms.stream()
                    .map(each -> each.narrow(0, 0, part.q.size(0)))
                    .toList();
            backward(
                    part, room, part.of(whole), gradients.stream().map(part::of).toList());
        }
        return gradients;
    }

    private void backward(Part part, List<Tensor> room, Tensor came, List<Tensor> gradients) {
        Tensor shares = part.shares(room.get(0), room.get(1));
        Tensor ofShares = room.get(2);
        if (dropping.isPresent()) {
            Tensor factors = part.factors(dropping.get(), room.get(0));
            bmm_out(gradients.get(2), mul_out(ofShares, shares, factors).transpose(1, 2), came);
            bmm_out(ofShares, came, part.v.transpose(1, 2)).mul_(factors);
        } else {
            bmm_out(gradients.get(2), shares.transpose(1, 2), came);
            bmm_out(ofShares, came, part.v.transpose(1, 2));
        }
        Tensor ofScores = room.get(0);
        SOFTMAX_BACK.call(
                new IValue(ofShares),
                new IValue(shares),
                new IValue(-1L),
                new IValue((long) Operands.type(shares).value),
                new IValue(ofScores));
        bmm_out(gradients.get(0), ofScores, part.k).mul_(new Scalar(scale));
        bmm_out(gradients.get(1), ofScores.transpose(1, 2), part.q).mul_(new Scalar(scale));
    }
}
