package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.baddbmm_out;
import static org.bytedeco.pytorch.global.torch.bmm_out;
import static org.bytedeco.pytorch.global.torch.mul_out;
import static org.bytedeco.pytorch.global.torch.softmax_out;

import dev.graft.torch.Dispatched;
import dev.graft.torch.Dropping;
import dev.graft.torch.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Some examples of an attention that learns: from one on so many, in room that the parts use one after another. */
final class AttentionPart {
    private static final Dispatched SOFTMAX_BACK = new Dispatched("aten::_softmax_backward_data", "out");

    /**
     * Where parts are computed.
     *
     * @param rows [examples · heads, positions, width] of queries, keys, values, what came back, and a result
     * @param squares [examples · heads, positions, positions]
     */
    record Room(List<Tensor> rows, List<Tensor> squares) {
        /** Room for so many examples of queries like these, [batch, positions, heads · width]. */
        Room(Tensor like, long heads, long examples) {
            this(
                    tensors(5, like, heads * examples, like.size(2) / heads),
                    tensors(3, like, heads * examples, like.size(1)));
        }

        private static List<Tensor> tensors(int count, Tensor like, long matrices, long width) {
            return Stream.generate(() -> Tensors.empty(Operands.type(like), matrices, like.size(1), width))
                    .limit(count)
                    .toList();
        }
    }

    private final LearningAttention attention;
    private final Room room;
    private final long first;
    private final long examples;
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;

    /** @param operands queries, keys and values of all examples, [batch, positions, heads · width] */
    AttentionPart(LearningAttention attention, Room room, List<Tensor> operands, long first, long examples) {
        this.attention = attention;
        this.room = room;
        this.first = first;
        this.examples = examples;
        this.q = split(operands.get(0), 0);
        this.k = split(operands.get(1), 1);
        this.v = split(operands.get(2), 2);
    }

    private Tensor square(int which) {
        return room.squares().get(which).narrow(0, 0, examples * attention.heads());
    }

    private Tensor row(int which) {
        return room.rows().get(which).narrow(0, 0, examples * attention.heads());
    }

    /** This part of a tensor of all examples as it lies there, [examples, heads, positions, width]. */
    private Tensor of(Tensor all) {
        return all.narrow(0, first, examples)
                .view(examples, all.size(1), attention.heads(), all.size(2) / attention.heads())
                .transpose(1, 2);
    }

    private Tensor split(Tensor all, int which) {
        Tensor apart = row(which);
        Tensor place = of(all);
        apart.view(place.shape()).copy_(place);
        return apart;
    }

    private void join(Tensor apart, Tensor all) {
        Tensor place = of(all);
        place.copy_(apart.view(place.shape()));
    }

    /** Where the shares of this part are to stand: among those of all examples if these are kept. */
    Tensor place(Optional<Tensor> shares) {
        long heads = attention.heads();
        return shares.map(all -> all.narrow(0, first * heads, examples * heads)).orElseGet(() -> square(1));
    }

    /** Writes the softmax of the scores. */
    Tensor shares(Optional<Tensor> mask, Tensor place) {
        Tensor scores = square(0);
        baddbmm_out(
                scores, FusedAttention.unread(q), q, k.transpose(1, 2), new Scalar(0.0), new Scalar(attention.scale()));
        mask.ifPresent(added -> scores.view(examples, attention.heads(), q.size(1), q.size(1))
                .add_(FusedAttention.additive(ofMask(added), q)));
        return softmax_out(place, scores, -1);
    }

    private Tensor ofMask(Tensor mask) {
        return mask.dim() == 4 && mask.size(0) > 1 ? mask.narrow(0, first, examples) : mask;
    }

    private Tensor factors(Dropping dropout) {
        Tensor factors = square(0);
        dropout.fill(factors, first * attention.heads() * q.size(1) * q.size(1));
        return factors;
    }

    /** Writes this part of the result. */
    void mix(Tensor shares, Tensor result) {
        Tensor dropped = attention
                .dropping()
                .map(dropout -> mul_out(square(1), shares, factors(dropout)))
                .orElse(shares);
        join(bmm_out(row(3), dropped, v), result);
    }

    /** Writes this part of the gradients of queries, keys and values. */
    void backward(Tensor shares, Tensor gradient, List<Tensor> gradients) {
        Tensor came = split(gradient, 3);
        Tensor ofShares = square(2);
        if (attention.dropping().isPresent()) {
            Tensor factors = factors(attention.dropping().get());
            join(bmm_out(row(4), mul_out(ofShares, shares, factors).transpose(1, 2), came), gradients.get(2));
            bmm_out(ofShares, came, v.transpose(1, 2)).mul_(factors);
        } else {
            join(bmm_out(row(4), shares.transpose(1, 2), came), gradients.get(2));
            bmm_out(ofShares, came, v.transpose(1, 2));
        }
        Tensor ofScores = square(0);
        SOFTMAX_BACK.call(
                new IValue(ofShares),
                new IValue(shares),
                new IValue(-1L),
                new IValue((long) Operands.type(shares).value),
                new IValue(ofScores));
        join(scaled(ofScores, k), gradients.get(0));
        join(scaled(ofScores.transpose(1, 2), q), gradients.get(1));
    }

    private Tensor scaled(Tensor a, Tensor b) {
        return baddbmm_out(row(4), FusedAttention.unread(q), a, b, new Scalar(0.0), new Scalar(attention.scale()));
    }
}
