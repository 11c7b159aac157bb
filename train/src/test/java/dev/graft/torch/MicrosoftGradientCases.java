package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.positive;
import static dev.graft.torch.GradientCase.real;
import static dev.graft.torch.GradientCase.whole;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The operators of ONNX Runtime's domain, beyond the commonest, whose gradients are compared with differences. */
final class MicrosoftGradientCases {
    private MicrosoftGradientCases() {}

    static List<GradientCase> all() {
        var cases = new ArrayList<GradientCase>();
        fused(cases);
        attention(cases);
        cases.add(of("GatherND", real(3, 2), Array.of(new long[] {0, 1, 2, 0}, 2, 2)));
        cases.add(of("Trilu", real(3, 4), Array.scalar(1L)));
        cases.add(of("ExpandDims", real(3, 4), whole(1)));
        cases.add(of("Pad", real(2, 3), whole(0, 1, 1, 0)));
        cases.add(of("Inverse", Array.of(new double[] {2, 1, 0, 1, 3, 1, 0, 1, 4}, 3, 3)));
        cases.add(of("NGramRepeatBlock", Array.of(new long[] {0, 1, 2, 1}, 2, 2), real(2, 3))
                .with("ngram_size", 2));
        return cases;
    }

    private static GradientCase of(String operator, Array... operands) {
        return GradientCase.of(operator, 17, operands).in("com.microsoft");
    }

    private static void fused(List<GradientCase> cases) {
        for (String activation : List.of("Tanh", "Sigmoid", "LeakyRelu", "Elu", "Softplus", "Softsign", "HardSwish")) {
            cases.add(of("FusedGemm", real(2, 3), real(3, 4), real(4)).with("activation", activation));
        }
        cases.add(of("FusedMatMulActivation", real(2, 3), real(3, 4))
                .with("activation", "Relu")
                .with("alpha", 0.5f));
        cases.add(of("FusedConv", real(1, 2, 4, 4), real(3, 2, 3, 3), real(3), real(1, 3, 2, 2))
                .with("activation", "Relu"));
        cases.add(of("TransposeMatMul", real(3, 2), real(3, 4)).with("transA", 1));
        cases.add(of("BiasSoftmax", real(2, 3, 4), real(1, 1, 4)));
        cases.add(of("BiasSplitGelu", real(2, 3, 4), real(4)));
        cases.add(of("BiasAdd", real(2, 3, 4), real(4), real(2, 3, 4)));
        cases.add(of("GemmFastGelu", real(2, 3), real(3, 4), real(4)));
        cases.add(of("SkipSimplifiedLayerNormalization", real(2, 3, 4), real(2, 3, 4), real(4), real(4)));
    }

    private static void attention(List<GradientCase> cases) {
        Array states = bytes(ElementType.UINT8, 1, 2, 4);
        Array weights = bytes(ElementType.INT8, 4, 12);
        cases.add(of("QAttention", states, weights, real(12), positive(), positive())
                .with("num_heads", 2));
        cases.add(of("Attention", real(1, 2, 4), real(4, 12), real(12), none(), real(2, 1, 2, 3, 2))
                .with("num_heads", 2)
                .with("unidirectional", 1));
        cases.add(of("MultiHeadAttention", real(1, 2, 2, 3, 2)).with("num_heads", 2));
        cases.add(of("MultiHeadAttention", real(1, 2, 4), real(1, 2, 3, 2), real(1, 2, 3, 2))
                .with("num_heads", 2));
    }

    private static Array bytes(ElementType type, long... shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        ByteBuffer buffer = Array.allocate(count);
        for (int i = 0; i < count; i++) {
            buffer.put(i, (byte) (i % 3));
        }
        return Array.of(type, shape, buffer);
    }
}
