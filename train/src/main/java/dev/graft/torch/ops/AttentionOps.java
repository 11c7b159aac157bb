package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Attention and the rotation of its positions. */
final class AttentionOps {
    private AttentionOps() {}

    static void register(OpTable ops) {
        ops.multi("Attention", 23, AttentionOps::attention);
        ops.op("RotaryEmbedding", 23, AttentionOps::rotaryEmbedding);
    }

    private static List<Tensor> attention(Call in) {
        boolean flat = in.tensor(0).dim() == 3;
        Tensor query = flat ? heads(in.tensor(0), in.whole("q_num_heads", 1)) : in.tensor(0);
        Tensor key = afterPast(in, 4, flat ? heads(in.tensor(1), in.whole("kv_num_heads", 1)) : in.tensor(1));
        Tensor value = afterPast(in, 5, flat ? heads(in.tensor(2), in.whole("kv_num_heads", 1)) : in.tensor(2));
        double scale = in.real("scale", 1 / Math.sqrt(query.size(-1)));
        long past = key.size(2) - query.size(2);
        var stages = new Stages(
                scale,
                in.real("softcap", 0),
                Optional.ofNullable(in.has(3) ? in.tensor(3) : null),
                in.flag("is_causal", false) ? Optional.of(in.has(4) ? past : 0) : Optional.empty(),
                softmaxType(in, query));
        Attended attended = stages.attend(query, shared(key, query), shared(value, query));
        Tensor output = flat ? joined(attended.output()) : attended.output();
        var results = new ArrayList<>(List.of(output, key, value));
        if (in.wants(3)) {
            results.add(attended.product(in.whole("qk_matmul_output_mode", 0)));
        }
        return results;
    }

    /** [batch, positions, heads · width] to [batch, heads, positions, width]. */
    static Tensor heads(Tensor x, long heads) {
        return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
    }

    /** [batch, heads, positions, width] to [batch, positions, heads · width]. */
    static Tensor joined(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }

    private static Tensor afterPast(Call in, int index, Tensor now) {
        return in.has(index) ? torch.cat(Operands.list(in.tensor(index), now), 2) : now;
    }

    /** Keys and values that several query heads share, once for each. */
    private static Tensor shared(Tensor x, Tensor query) {
        return x.size(1) == query.size(1)
                ? x
                : torch.repeat_interleave(x, query.size(1) / x.size(1), new LongOptional(1), new LongOptional());
    }

    private static ScalarType softmaxType(Call in, Tensor query) {
        long code = in.whole("softmax_precision", 0);
        return code == 0
                ? Operands.type(query)
                : Tensors.scalarType(ElementType.of(Math.toIntExact(code))).orElse(Operands.type(query));
    }

    /** What became of a call: the output and the products of queries and keys after each stage. */
    record Attended(Tensor output, Tensor raw, Tensor masked, Tensor capped, Tensor shares) {
        Tensor product(long mode) {
            return mode == 0 ? raw : mode == 1 ? masked : mode == 2 ? capped : shares;
        }
    }

    /**
     * What happens between the product of queries and keys and the sum of values.
     *
     * @param cap the bound of tanh that products are pressed under; 0 for none
     * @param mask truth values (true: attend) or numbers to add
     * @param causal where set, a query sees keys up to its own position plus this many
     * @param type in which the softmax is computed
     */
    record Stages(double scale, double cap, Optional<Tensor> mask, Optional<Long> causal, ScalarType type) {
        Attended attend(Tensor query, Tensor key, Tensor value) {
            Tensor raw = torch.mul(torch.matmul(query, key.transpose(-2, -1)), new Scalar(scale));
            Tensor masked = masked(raw);
            Tensor capped =
                    cap == 0 ? masked : torch.mul(torch.tanh(torch.div(masked, new Scalar(cap))), new Scalar(cap));
            Tensor shares = Operands.as(torch.softmax(Operands.as(capped, type), -1), Operands.type(query));
            return new Attended(torch.matmul(shares, value), raw, masked, capped, shares);
        }

        private Tensor masked(Tensor products) {
            Tensor masked = mask.map(given -> masked(products, given)).orElse(products);
            return causal.map(past ->
                            masked(masked, torch.tril(torch.ones_like(masked).to(ScalarType.Bool), past)))
                    .orElse(masked);
        }

        private static Tensor masked(Tensor products, Tensor mask) {
            return Operands.type(mask) == ScalarType.Bool
                    ? torch.masked_fill(products, torch.logical_not(mask), new Scalar(Double.NEGATIVE_INFINITY))
                    : torch.add(products, mask);
        }
    }

    private static Tensor rotaryEmbedding(Call in) {
        Tensor x = in.tensor(0);
        if (x.dim() != 3 && x.dim() != 4) {
            throw in.refuse("turns an array of 3 or 4 dimensions, not of " + x.dim());
        }
        boolean flat = x.dim() == 3;
        Tensor split = flat ? heads(x, in.whole("num_heads", 1)) : x;
        long width = split.size(-1);
        long rotated = in.whole("rotary_embedding_dim", 0) == 0 ? width : in.whole("rotary_embedding_dim", 0);
        Tensor cosine = angles(in, 1);
        Tensor sine = angles(in, 2);
        Tensor turned = turned(split.narrow(-1, 0, rotated), cosine, sine, in.flag("interleaved", false));
        Tensor whole = torch.cat(Operands.list(turned, split.narrow(-1, rotated, width - rotated)), -1);
        return flat ? joined(whole) : whole;
    }

    /** [batch, 1, positions, width / 2]. */
    private static Tensor angles(Call in, int index) {
        Tensor cache = in.tensor(index);
        Tensor chosen = in.has(3) ? torch.embedding(cache, in.tensor(3)) : cache;
        return chosen.unsqueeze(1);
    }

    private static Tensor turned(Tensor x, Tensor cosine, Tensor sine, boolean interleaved) {
        long half = x.size(-1) / 2;
        long[] shape = x.shape();
        Tensor pairs = interleaved
                ? x.reshape(shape[0], shape[1], shape[2], half, 2)
                : x.reshape(shape[0], shape[1], shape[2], 2, half).transpose(-2, -1);
        Tensor a = pairs.select(-1, 0);
        Tensor b = pairs.select(-1, 1);
        Tensor first = torch.sub(torch.mul(cosine, a), torch.mul(sine, b));
        Tensor second = torch.add(torch.mul(sine, a), torch.mul(cosine, b));
        return torch.stack(Operands.list(first, second), interleaved ? -1 : -2).reshape(shape);
    }
}
