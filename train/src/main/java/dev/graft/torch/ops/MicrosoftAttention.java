package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention as ONNX Runtime's optimiser writes it, of encoders: nothing is carried from one run to the next.
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class MicrosoftAttention {
    private static final String DOMAIN = "com.microsoft";
    private static final int BIAS_OF_PRODUCTS = 5;
    private static final double FILTER = -10000;

    private MicrosoftAttention() {}

    static void register(OpTable ops) {
        ops.op(DOMAIN, "Attention", 1, MicrosoftAttention::attention);
        ops.op(DOMAIN, "MultiHeadAttention", 1, MicrosoftAttention::multiHeadAttention);
    }

    /** Queries, keys and values are one product with the hidden states. */
    private static Tensor attention(Call in) {
        if (in.has(4)) {
            throw in.refuse("continues from past keys, which text encoders do not");
        }
        Tensor product = torch.matmul(in.tensor(0), in.tensor(1));
        Tensor projected = in.has(2) ? torch.add(product, in.tensor(2)) : product;
        long third = projected.size(-1) / 3;
        long[] sizes = in.longs("qkv_hidden_sizes", third, third, third);
        var parts = torch.split_with_sizes(projected, sizes, -1);
        return attended(in, 3, parts.get(0), parts.get(1), parts.get(2));
    }

    private static Tensor multiHeadAttention(Call in) {
        if (in.has(6) || in.has(7) || !in.has(1) || !in.has(2) || in.tensor(1).dim() != 3) {
            throw in.refuse("takes packed, transposed or past keys, which text encoders do not");
        }
        Tensor query = in.tensor(0);
        Tensor key = in.tensor(1);
        Tensor value = in.tensor(2);
        if (in.has(3)) {
            long[] sizes = {query.size(-1), key.size(-1), value.size(-1)};
            var biases = torch.split_with_sizes(in.tensor(3), sizes, 0);
            query = torch.add(query, biases.get(0));
            key = torch.add(key, biases.get(1));
            value = torch.add(value, biases.get(2));
        }
        return attended(in, 4, query, key, value);
    }

    private static Tensor attended(Call in, int mask, Tensor query, Tensor key, Tensor value) {
        long heads = in.whole("num_heads", 1);
        Tensor split = AttentionOps.heads(query, heads);
        double given = in.real("scale", 0);
        var stages = new AttentionOps.Stages(
                given == 0 ? 1 / Math.sqrt(split.size(-1)) : given,
                0,
                added(in, mask, key.size(1)),
                in.flag("unidirectional", false) ? Optional.of(0L) : Optional.empty(),
                Operands.type(query));
        return AttentionOps.joined(
                stages.attend(split, AttentionOps.heads(key, heads), AttentionOps.heads(value, heads))
                        .output());
    }

    /** What is added to the products of queries and keys. */
    private static Optional<Tensor> added(Call in, int mask, long keys) {
        Tensor sum = in.has(BIAS_OF_PRODUCTS) ? in.tensor(BIAS_OF_PRODUCTS) : null;
        if (in.has(mask)) {
            Tensor kept = kept(in, in.tensor(mask), keys);
            Tensor filter = torch.mul(
                    torch.logical_not(kept).to(Operands.type(in.tensor(0))),
                    new Scalar(in.real("mask_filter_value", FILTER)));
            sum = sum == null ? filter : torch.add(sum, filter);
        }
        return Optional.ofNullable(sum);
    }

    /** Whether a query attends to a key, from the number of tokens in each row or from a mask of 0 and 1. */
    private static Tensor kept(Call in, Tensor mask, long keys) {
        return switch ((int) mask.dim()) {
            case 1 -> {
                if (mask.size(0) != in.tensor(0).size(0)) {
                    throw in.refuse("has a mask of starts and ends, which is not known; only masks of tokens are");
                }
                Tensor inside = torch.lt(Operands.counting(keys, mask), mask.unsqueeze(1));
                yield inside.unsqueeze(1).unsqueeze(2);
            }
            case 2 -> mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2);
            case 3 -> mask.to(ScalarType.Bool).unsqueeze(1);
            default -> throw in.refuse("has a mask of " + mask.dim() + " dimensions; only masks of tokens are known");
        };
    }
}
