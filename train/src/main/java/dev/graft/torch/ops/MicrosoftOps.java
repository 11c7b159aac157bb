package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Operators that ONNX Runtime's optimiser puts into the place of several.
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class MicrosoftOps {
    private static final String DOMAIN = "com.microsoft";

    private MicrosoftOps() {}

    static void register(OpTable ops) {
        ops.op(DOMAIN, "Gelu", 1, in -> torch.gelu(in.tensor(0)));
        ops.op(DOMAIN, "BiasGelu", 1, in -> torch.gelu(torch.add(in.tensor(0), in.tensor(1))));
        ops.op(DOMAIN, "FastGelu", 1, in -> torch.gelu(biased(in, in.tensor(0), 1), "tanh"));
        ops.op(DOMAIN, "QuickGelu", 1, MicrosoftOps::quickGelu);
        ops.multi(DOMAIN, "SkipLayerNormalization", 1, MicrosoftOps::skipLayerNormalization);
        ops.multi(DOMAIN, "EmbedLayerNormalization", 1, MicrosoftOps::embedLayerNormalization);
        ops.multi(DOMAIN, "SkipSimplifiedLayerNormalization", 1, MicrosoftOps::skipRms);
        ops.op(DOMAIN, "FusedMatMul", 1, MicrosoftOps::fusedMatMul);
        ops.op(DOMAIN, "TransposeMatMul", 1, MicrosoftOps::fusedMatMul);
    }

    static Tensor biased(Call in, Tensor x, int bias) {
        return in.has(bias) ? torch.add(x, in.tensor(bias)) : x;
    }

    private static Tensor quickGelu(Call in) {
        Tensor x = in.tensor(0);
        return torch.mul(x, torch.sigmoid(torch.mul(x, new Scalar(in.real("alpha", 1.702f)))));
    }

    /** The result, mean and inverse deviation of its rows, and the sum that was normalised. */
    private static List<Tensor> skipLayerNormalization(Call in) {
        Tensor sum = biased(in, torch.add(in.tensor(0), in.tensor(1)), 4);
        var normal = torch.native_layer_norm(
                sum,
                new long[] {sum.size(-1)},
                new TensorOptional(in.tensor(2)),
                Operands.optional(in, 3),
                in.real("epsilon", 1e-12f));
        return List.of(normal.get0(), normal.get1(), normal.get2(), sum);
    }

    /** The result, nothing, the inverse root of each row's mean square, and the sum that was normalised. */
    private static List<Tensor> skipRms(Call in) {
        Tensor sum = biased(in, torch.add(in.tensor(0), in.tensor(1)), 3);
        List<Tensor> normal = NormOps.rms(sum, 1, in.tensor(2), in.real("epsilon", 1e-12f));
        return List.of(normal.get(0), normal.get(1), normal.get(1), sum);
    }

    /** The result, the number of tokens that the mask keeps in each row, and the sum that was normalised. */
    private static List<Tensor> embedLayerNormalization(Call in) {
        Tensor words = torch.embedding(in.tensor(2), in.tensor(0).to(ScalarType.Long));
        long length = words.size(1);
        Tensor positions = in.has(8)
                ? torch.embedding(in.tensor(3), in.tensor(8).to(ScalarType.Long))
                : in.tensor(3).narrow(0, 0, length);
        Tensor sum = torch.add(words, positions);
        if (in.has(4)) {
            sum = torch.add(sum, torch.embedding(in.tensor(4), in.tensor(1).to(ScalarType.Long)));
        }
        Tensor normal = torch.native_layer_norm(
                        sum,
                        new long[] {sum.size(-1)},
                        Operands.optional(in, 5),
                        Operands.optional(in, 6),
                        in.real("epsilon", 1e-12f))
                .get0();
        return List.of(normal, kept(in, words.size(0)), sum);
    }

    private static Tensor kept(Call in, long rows) {
        return in.has(7)
                ? in.tensor(7).sum(1).to(ScalarType.Int)
                : Operands.vector(new long[Math.toIntExact(rows)]).to(ScalarType.Int);
    }

    static Tensor fusedMatMul(Call in) {
        Tensor a = matrix(in, 0, "A");
        Tensor b = matrix(in, 1, "B");
        return torch.mul(torch.matmul(a, b), new Scalar(in.real("alpha", 1)));
    }

    /** The operand with its first dimension before the last, and its last two exchanged, as the node asks. */
    private static Tensor matrix(Call in, int index, String side) {
        Tensor x = in.tensor(index);
        if (in.flag("transBatch" + side, false)) {
            x = x.movedim(0, x.dim() - 2);
        }
        return in.flag("trans" + side, false) && x.dim() > 1 ? x.transpose(-2, -1) : x;
    }
}
