package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.aminmax;
import static org.bytedeco.pytorch.global.torch.bmm;
import static org.bytedeco.pytorch.global.torch.div_out;
import static org.bytedeco.pytorch.global.torch.exp;
import static org.bytedeco.pytorch.global.torch.mul_out;

import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention in bfloat16 for runs that do not learn, without a softmax: exponentials of scores as they are, and their sums
 * by the same product that mixes the values.
 *
 * <pre>
 * softmax(s + m) v = (exp(s) (exp(m) v)) / (exp(s) exp(m))      m the same for all queries of an example
 * </pre>
 *
 * <p>Softmax and a mask go row by row, which for short texts takes ten times as long as the products. A softmax first takes
 * off the largest score of a row so that no exponential overflows; here scores must be small enough for that not to be
 * needed, and every example must have a position that its mask leaves as it is.
 */
final class UnshiftedAttention {
    /** The exponential of this, times the longest row, is far from the ends of bfloat16's range. */
    private static final double LARGEST_SCORE = 60;

    private UnshiftedAttention() {}

    /**
     * The values as mixed, [batch, heads, positions, width]; empty where the scores or the mask do not permit it, and then
     * the scores are as they were.
     *
     * @param scores [batch · heads, positions, positions], scaled; overwritten
     * @param v values [batch, heads, positions, width]
     */
    static Optional<Tensor> mixed(Call in, Tensor scores, Tensor v) {
        boolean learns = in.training() || scores.requires_grad() || v.requires_grad();
        if (learns || Operands.type(scores) != ScalarType.BFloat16 || scores.numel() == 0 || !small(scores)) {
            return Optional.empty();
        }
        if (!in.has(3)) {
            return Optional.of(mixed(scores, v, v.new_ones(1, 1, 1, 1)));
        }
        return shares(in.tensor(3), v).map(shares -> mixed(scores, v, shares));
    }

    private static boolean small(Tensor scores) {
        var ends = aminmax(scores);
        return ends.get0().item_double() >= -LARGEST_SCORE && ends.get1().item_double() <= LARGEST_SCORE;
    }

    /** The exponential of a mask as a factor for each position's values, [batch or 1, 1, positions, 1]. */
    private static Optional<Tensor> shares(Tensor mask, Tensor v) {
        if (mask.dim() != 4 || mask.size(1) != 1 || mask.size(2) != 1 || mask.size(3) != v.size(2)) {
            return Optional.empty();
        }
        Tensor shares = mask.scalar_type().intern() == ScalarType.Bool
                ? mask.to(ScalarType.BFloat16)
                : exp(mask).to(ScalarType.BFloat16);
        Tensor largest = shares.amax(new long[] {3}, false);
        return largest.eq(new Scalar(1.0)).all().item_bool() ? Optional.of(shares.transpose(2, 3)) : Optional.empty();
    }

    private static Tensor mixed(Tensor scores, Tensor v, Tensor shares) {
        long[] size = v.shape();
        long positions = scores.size(1);
        Tensor summed = Tensors.empty(ScalarType.BFloat16, size[0], size[1], size[2], size[3] + 1);
        mul_out(summed.narrow(3, 0, size[3]), v, shares);
        Tensor ones = summed.narrow(3, size[3], 1);
        ones.copy_(shares.expand(ones.shape()));
        Tensor sums = bmm(scores.exp_(), summed.flatten(0, 1)).view(size[0], size[1], positions, size[3] + 1);
        Tensor mixed = Tensors.empty(ScalarType.BFloat16, size[0], positions, size[1], size[3])
                .transpose(1, 2);
        return div_out(mixed, sums.narrow(3, 0, size[3]), sums.narrow(3, size[3], 1));
    }
}
