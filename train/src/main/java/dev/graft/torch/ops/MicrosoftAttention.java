package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention as ONNX Runtime's optimiser writes it.
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class MicrosoftAttention {
    private static final String DOMAIN = "com.microsoft";
    private static final int BIAS_OF_PRODUCTS = 5;
    private static final double FILTER = -10000;

    private MicrosoftAttention() {}

    static void register(OpTable ops) {
        ops.multi(DOMAIN, "Attention", 1, MicrosoftAttention::attention);
        ops.multi(DOMAIN, "QAttention", 1, MicrosoftAttention::quantisedAttention);
        ops.multi(DOMAIN, "MultiHeadAttention", 1, MicrosoftAttention::multiHeadAttention);
    }

    /** Queries, keys and values in heads: [batch, heads, positions, width]. */
    private record Heads(Tensor query, Tensor key, Tensor value) {}

    /** Queries, keys and values are one product with the hidden states; the cache of both is one array. */
    private static List<Tensor> attention(Call in) {
        if (in.flag("past_present_share_buffer", false) || in.flag("do_rotary", false)) {
            throw in.refuse("shares a buffer with its past or rotates positions, which is not known");
        }
        return attention(
                in, MicrosoftOps.biased(in, torch.matmul(in.tensor(0), in.tensor(1)), 2), 3, 4, BIAS_OF_PRODUCTS);
    }

    /** The product with the hidden states is of whole numbers, the rest is real. */
    private static List<Tensor> quantisedAttention(Call in) {
        Tensor product = QuantizeOps.product(in, in.tensor(0), 6, in.tensor(1), 7);
        Tensor scale = torch.mul(Quantization.one(in.tensor(3)), Quantization.one(in.tensor(4)));
        Tensor real = torch.mul(product, scale).to(Operands.type(in.tensor(3)));
        return attention(in, MicrosoftOps.biased(in, real, 2), 5, 8, Integer.MAX_VALUE);
    }

    private static List<Tensor> attention(Call in, Tensor projected, int mask, int cache, int bias) {
        long third = projected.size(-1) / 3;
        var parts = torch.split_with_sizes(projected, in.longs("qkv_hidden_sizes", third, third, third), -1);
        Tensor key = split(in, parts.get(1));
        Tensor value = split(in, parts.get(2));
        long past = 0;
        if (in.has(cache)) {
            past = in.tensor(cache).size(3);
            key = torch.cat(Operands.list(in.tensor(cache).select(0, 0), key), 2);
            value = torch.cat(Operands.list(in.tensor(cache).select(0, 1), value), 2);
        }
        var attended = attended(in, mask, bias, past, new Heads(split(in, parts.get(0)), key, value));
        Tensor output = AttentionOps.joined(attended.output());
        return in.wants(1) ? List.of(output, torch.stack(Operands.list(key, value), 0)) : List.of(output);
    }

    private static List<Tensor> multiHeadAttention(Call in) {
        if (in.has(8) || in.has(9)) {
            throw in.refuse("shares a buffer with its past, which is not known");
        }
        var now = heads(in);
        Tensor key = AttentionOps.afterPast(in, 6, now.key());
        Tensor value = AttentionOps.afterPast(in, 7, now.value());
        long past = key.size(2) - now.key().size(2);
        var attended = attended(in, 4, BIAS_OF_PRODUCTS, past, new Heads(now.query(), key, value));
        var results = new ArrayList<>(List.of(AttentionOps.joined(attended.output()), key, value));
        if (in.wants(3)) {
            results.add(attended.raw());
        }
        return results;
    }

    /** From one array for all, or one of queries and one of both others, or three, of which two may be in heads. */
    private static Heads heads(Call in) {
        Tensor query = in.tensor(0);
        if (query.dim() == 5) {
            Tensor packed = in.has(3) ? torch.add(query, packedBias(in, query)) : query;
            return new Heads(packed(packed, 0), packed(packed, 1), packed(packed, 2));
        }
        Tensor key = in.tensor(1);
        if (key.dim() == 5) {
            return new Heads(split(in, query), packed(key, 0), packed(key, 1));
        }
        Tensor value = in.tensor(2);
        if (in.has(3)) {
            Tensor bias = in.tensor(3);
            query = torch.add(query, bias.narrow(0, 0, query.size(2)));
            if (key.dim() == 3) {
                key = torch.add(key, bias.narrow(0, query.size(2), key.size(2)));
                value = torch.add(value, bias.narrow(0, query.size(2) + key.size(2), value.size(2)));
            }
        }
        return new Heads(split(in, query), split(in, key), split(in, value));
    }

    /** [3 · heads · width] as what is added to [batch, positions, heads, 3, width]. */
    private static Tensor packedBias(Call in, Tensor packed) {
        return in.tensor(3).reshape(3, packed.size(2), packed.size(4)).transpose(0, 1);
    }

    private static Tensor packed(Tensor x, long part) {
        return x.select(3, part).transpose(1, 2);
    }

    private static Tensor split(Call in, Tensor x) {
        return x.dim() == 4 ? x : AttentionOps.heads(in, x, in.whole("num_heads", 1));
    }

    private static AttentionStages.Attended attended(Call in, int mask, int bias, long past, Heads heads) {
        double given = in.real("scale", 0);
        long queries = heads.query().size(2);
        long keys = heads.key().size(2);
        var stages = new AttentionStages(
                given == 0 ? 1 / Math.sqrt(heads.query().size(-1)) : given,
                0,
                added(in, heads.query(), mask, bias, keys),
                in.flag("unidirectional", false)
                        ? Optional.of(before(in.tensor(0), queries, keys, past))
                        : Optional.empty(),
                Operands.type(heads.query()));
        return stages.attend(in, heads.query(), heads.key(), heads.value());
    }

    /** Whether a key stands no later than a query. */
    private static Tensor before(Tensor beside, long queries, long keys, long past) {
        Tensor query = Operands.counting(queries, beside).unsqueeze(1);
        return torch.le(Operands.counting(keys, beside), torch.add(query, new Scalar(past)));
    }

    /** What is added to the products of queries and keys. */
    private static Optional<Tensor> added(Call in, Tensor query, int mask, int bias, long keys) {
        Tensor sum = in.has(bias) ? in.tensor(bias) : null;
        if (in.has(mask)) {
            Tensor kept = kept(in, in.tensor(mask), query.size(2), keys);
            Tensor filter = torch.mul(
                    torch.logical_not(kept).to(Operands.type(query)), new Scalar(in.real("mask_filter_value", FILTER)));
            sum = sum == null ? filter : torch.add(sum, filter);
        }
        return Optional.ofNullable(sum);
    }

    /** Whether a query attends to a key, by numbers of tokens in each row or by a mask of 0 and 1. */
    private static Tensor kept(Call in, Tensor mask, long queries, long keys) {
        return switch ((int) mask.dim()) {
            case 1 -> inside(in, mask, keys).unsqueeze(1).unsqueeze(2);
            case 2 -> mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2);
            case 3 -> mask.to(ScalarType.Bool).unsqueeze(1);
            case 4 ->
                mask.to(ScalarType.Bool).narrow(2, keys - queries, queries).narrow(3, 0, keys);
            default -> throw in.refuse("has a mask of " + mask.dim() + " dimensions; 1 to 4 are known");
        };
    }

    /** Ends of all rows, then perhaps their starts; or ends followed by sums of lengths, which say no more. */
    private static Tensor inside(Call in, Tensor mask, long keys) {
        long rows = in.tensor(0).size(0);
        long size = mask.size(0);
        if (size != rows && size != 2 * rows && size != 3 * rows + 2) {
            throw in.refuse("has a mask of " + size + " numbers for " + rows + " rows");
        }
        Tensor key = Operands.counting(keys, mask);
        Tensor inside = torch.lt(key, mask.narrow(0, 0, rows).unsqueeze(1));
        return size == 2 * rows
                ? torch.logical_and(
                        inside, torch.ge(key, mask.narrow(0, rows, rows).unsqueeze(1)))
                : inside;
    }
}
