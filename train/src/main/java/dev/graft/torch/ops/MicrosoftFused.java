package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Further operators that ONNX Runtime's optimiser and exporters for it put into the place of several, or of standard ones.
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class MicrosoftFused {
    private static final String DOMAIN = "com.microsoft";

    private MicrosoftFused() {}

    static void register(OpTable ops) {
        ops.op(DOMAIN, "FusedGemm", 1, MicrosoftFused::gemm);
        ops.op(DOMAIN, "FusedMatMulActivation", 1, MicrosoftFused::product);
        ops.op(DOMAIN, "FusedConv", 1, MicrosoftFused::convolution);
        ops.op(DOMAIN, "BiasSoftmax", 1, MicrosoftFused::softmax);
        ops.op(DOMAIN, "BiasSplitGelu", 1, MicrosoftFused::splitGelu);
        ops.op(DOMAIN, "BiasAdd", 1, in -> torch.add(torch.add(in.tensor(0), in.tensor(1)), in.tensor(2)));
        ops.op(DOMAIN, "GemmFastGelu", 1, MicrosoftFused::gemmFastGelu);
        ops.op(DOMAIN, "GatherND", 1, IndexOps::gatherNd);
        ops.op(DOMAIN, "Trilu", 1, TensorOps::trilu);
        ops.op(DOMAIN, "ExpandDims", 1, MicrosoftFused::expandDims);
        ops.op(DOMAIN, "Pad", 1, in -> TensorOps.pad(in, in.longs(1), TensorOps.padding(in), new long[0]));
        ops.op(DOMAIN, "Inverse", 1, in -> torch.linalg_inv(in.tensor(0)));
        ops.op(DOMAIN, "NGramRepeatBlock", 1, MicrosoftFused::withoutRepeats);
    }

    private static Tensor gemm(Call in) {
        return FusedActivation.of(
                in, MatrixOps.gemm(in), parameters(in, "activation_alpha", "activation_beta", "activation_gamma"));
    }

    private static Tensor product(Call in) {
        return FusedActivation.of(
                in, MicrosoftOps.fusedMatMul(in), parameters(in, "activation_alpha", "activation_beta"));
    }

    /** Those that the node sets, up to the first that it does not. */
    private static double[] parameters(Call in, String... names) {
        return Arrays.stream(names)
                .takeWhile(name -> in.node().attributes().containsKey(name))
                .mapToDouble(name -> in.real(name, 0))
                .toArray();
    }

    /** The convolution, what is added to it, and the activation. */
    private static Tensor convolution(Call in) {
        Tensor result = Convolution.of(in, in.tensor(0), in.tensor(1), Operands.optional(in, 2));
        return FusedActivation.of(in, MicrosoftOps.biased(in, result, 3), in.reals("activation_params"));
    }

    /** All axes from one on are taken together; the bias repeats over the outer of them or over the axes before. */
    private static Tensor softmax(Call in) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 1), x.dim());
        Tensor sum = torch.add(x, in.tensor(1));
        return torch.softmax(sum.flatten(axis, -1), -1).reshape(x.shape());
    }

    /** The left half times the GELU of the right one. */
    private static Tensor splitGelu(Call in) {
        Tensor x = torch.add(in.tensor(0), in.tensor(1));
        long half = x.size(-1) / 2;
        return torch.mul(x.narrow(-1, 0, half), torch.gelu(x.narrow(-1, half, half)));
    }

    private static Tensor gemmFastGelu(Call in) {
        return torch.gelu(MicrosoftOps.biased(in, torch.matmul(in.tensor(0), in.tensor(1)), 2), "tanh");
    }

    private static Tensor expandDims(Call in) {
        Tensor x = in.tensor(0);
        return x.unsqueeze(Operands.axis(in, in.scalarWhole(1), x.dim() + 1));
    }

    /** Scores of the next token, negative infinity for one that would complete a phrase that its row already holds. */
    private static Tensor withoutRepeats(Call in) {
        Tensor tokens = Operands.ofRank(in, 0, 2);
        Tensor scores = Operands.ofRank(in, 1, 2);
        Operands.requireShape(in, 1, tokens.size(0), scores.size(1));
        int size = Math.toIntExact(Sizes.atLeast(in, "ngram_size", 1, in.whole("ngram_size", 0))[0]);
        long[] all = in.longs(0);
        int length = Math.toIntExact(tokens.size(1));
        var blocked = LongStream.builder();
        for (int row = 0; row * length < all.length; row++) {
            long[] text = Arrays.copyOfRange(all, row * length, (row + 1) * length);
            for (long token : repeats(text, size)) {
                if (token < 0 || token >= scores.size(1)) {
                    throw in.refuse("blocks token " + token + " of " + scores.size(1));
                }
                blocked.add(row * scores.size(1) + token);
            }
        }
        Tensor places = Operands.vector(blocked.build().toArray()).to(scores.device(), ScalarType.Long);
        return scores.flatten()
                .index_fill(0, places, new Scalar(Double.NEGATIVE_INFINITY))
                .reshape(scores.shape());
    }

    /** The tokens that followed wherever the last size - 1 tokens stood before. */
    private static long[] repeats(long[] text, int size) {
        int begun = size - 1;
        int tail = text.length - begun;
        return IntStream.range(0, Math.max(0, tail))
                .filter(at -> Arrays.equals(text, at, at + begun, text, tail, text.length))
                .mapToLong(at -> text[at + begun])
                .toArray();
    }
}
