package dev.graft.torch.ops;

import dev.graft.torch.AttentionMemory;
import dev.graft.torch.Call;
import dev.graft.torch.Dropping;
import dev.graft.torch.OwnWayBack;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention for runs that learn, of a few examples at a time, so that what lies between the products stays in the
 * processor's cache, and with it the heads that are set apart for the products. The softmax is kept for the way back where
 * it is small, else computed once more; the factors of dropout are always drawn once more.
 *
 * <p>Source: the recomputation of Dao et al., "FlashAttention", 2022, example by example in place of tile by tile.
 *
 * @param heads into which queries, keys and values are split
 * @param scale of the products of queries and keys
 * @param dropping what is dropped of the shares, where anything is
 */
record LearningAttention(long heads, double scale, Optional<Dropping> dropping) implements OwnWayBack {
    /** How much is computed at once, for it to stay in the processor's cache. */
    private static final long PART_BYTES = 4L << 20;

    /**
     * The values as mixed, [batch, positions, heads · width].
     *
     * @param in of which the first three operands are queries, keys and values of that shape
     */
    static Tensor mixed(Call in, long heads, double scale, double rate) {
        Optional<Dropping> dropping = in.drops(rate) ? Optional.of(in.dropping(rate)) : Optional.empty();
        var attention = new LearningAttention(heads, scale, dropping);
        List<Tensor> learning = IntStream.range(0, 3)
                .mapToObj(in::tensor)
                .map(x -> x.contiguous().view(x.shape()))
                .toList();
        List<Tensor> others = FusedAttention.mask(in).stream().toList();
        return in.computed(attention, learning, others);
    }

    /**
     * Whether this pays and can be: scores of which libtorch would keep too much, one shape for all, in a type that
     * dropout has factors in, under a mask that is fixed.
     */
    static boolean fits(Call in, long heads) {
        Tensor q = in.tensor(0);
        boolean same = Arrays.equals(q.shape(), in.tensor(1).shape())
                && Arrays.equals(q.shape(), in.tensor(2).shape());
        boolean still =
                !in.has(3) || !in.tensor(3).requires_grad() && in.tensor(3).dim() <= 4;
        boolean known = Operands.type(q) == ScalarType.Float || Operands.type(q) == ScalarType.BFloat16;
        boolean large = bytes(q, heads) > AttentionMemory.ALL_KEPT;
        return in.training() && q.is_cpu() && large && known && same && still;
    }

    /** How many examples make a part: a number by which an even number of scores comes before each. */
    private long examples(Tensor q) {
        long scores = heads * q.size(1) * q.size(1);
        long fitting = Math.max(1, PART_BYTES / (scores * q.element_size()));
        return Math.min(q.size(0), scores % 2 == 0 ? fitting : fitting + fitting % 2);
    }

    private void eachPart(List<Tensor> operands, Consumer<AttentionPart> task) {
        Tensor q = operands.get(0);
        long examples = examples(q);
        var room = new AttentionPart.Room(q, heads, examples);
        for (long first = 0; first < q.size(0); first += examples) {
            task.accept(new AttentionPart(this, room, operands, first, Math.min(examples, q.size(0) - first)));
        }
    }

    @Override
    public List<Tensor> forward(List<Tensor> operands, Tensor result) {
        Optional<Tensor> mask = operands.stream().skip(3).findFirst();
        Optional<Tensor> kept =
                keepsShares(operands.get(0)) ? Optional.of(allShares(operands.get(0))) : Optional.empty();
        eachPart(operands, part -> part.mix(part.shares(mask, part.place(kept)), result));
        return kept.map(shares -> List.of(operands.get(0), operands.get(1), operands.get(2), shares))
                .orElse(operands);
    }

    @Override
    public List<Tensor> backward(List<Tensor> kept, Tensor gradient) {
        Optional<Tensor> sharesOrMask = kept.stream().skip(3).findFirst();
        boolean shared = keepsShares(kept.get(0));
        List<Tensor> gradients =
                kept.subList(0, 3).stream().map(torch::empty_like).toList();
        Tensor whole = gradient.contiguous();
        eachPart(kept, part -> {
            Tensor shares = shared ? part.place(sharesOrMask) : part.shares(sharesOrMask, part.place(Optional.empty()));
            part.backward(shares, whole, gradients);
        });
        return gradients;
    }

    private boolean keepsShares(Tensor q) {
        return bytes(q, heads) <= AttentionMemory.SHARES_KEPT;
    }

    /** The bytes of all scores. */
    private static long bytes(Tensor q, long heads) {
        return q.size(0) * heads * q.size(1) * q.size(1) * q.element_size();
    }

    private Tensor allShares(Tensor q) {
        return Tensors.empty(Operands.type(q), q.size(0) * heads, q.size(1), q.size(1));
    }
}
