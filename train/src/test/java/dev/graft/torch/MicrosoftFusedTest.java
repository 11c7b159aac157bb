package dev.graft.torch;

import static dev.graft.torch.MicrosoftCase.none;
import static dev.graft.torch.MicrosoftCase.of;
import static dev.graft.torch.MicrosoftCase.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Attribute;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that ONNX Runtime's optimiser joins compute on libtorch what they compute at home. */
class MicrosoftFusedTest {
    /** ONNX Runtime approximates hyperbolic functions and sums in another order. */
    private static final double TOLERANCE = 2e-6;

    private static final Array TEXTS = Array.of(new long[] {1, 2, 4, 1, 2, 3, 1, 2, 5, 5, 0, 5, 5, 5}, 2, 7);

    static Stream<MicrosoftCase> cases() {
        var cases = new ArrayList<MicrosoftCase>();
        for (String activation : List.of("Relu", "Tanh", "Sigmoid")) {
            cases.add(gemm().with("activation", activation));
            cases.add(convolution(none()).with("activation", activation));
        }
        cases.add(gemm().with("activation", "LeakyRelu").with("activation_alpha", 0.3f));
        cases.add(gemm().with("activation", "HardSigmoid")
                .with("activation_alpha", 0.3f)
                .with("activation_beta", 0.4f));
        cases.add(convolution(none())
                .with("activation", "LeakyRelu")
                .with("activation_params", new Attribute.Reals(List.of(0.3f))));
        cases.add(convolution(none())
                .with("activation", "HardSigmoid")
                .with("activation_params", new Attribute.Reals(List.of(0.3f, 0.4f))));
        cases.add(convolution(none())
                .with("activation", "Clip")
                .with("activation_params", new Attribute.Reals(List.of(-0.2f, 0.4f))));
        cases.add(convolution(real(1, 4, 4, 4)).with("activation", "Relu"));
        cases.add(of("TransposeMatMul", real(3, 2), real(3, 4)).with("transA", 1));
        cases.add(of("FusedMatMul", real(2, 3, 4), real(2, 3, 5))
                .with("transA", 1)
                .with("transBatchA", 0)
                .with("alpha", 0.4f));
        cases.add(of("GatherND", real(3, 2), Array.of(new long[] {0, 1, 2, 0}, 2, 2)));
        cases.add(of("Trilu", real(3, 4), Array.scalar(1L)));
        cases.add(of("ExpandDims", real(3, 4), Array.of(new int[] {-1}, 1).reshape()));
        cases.add(of("Pad", real(2, 3), Array.of(new long[] {0, 1, 1, 0}, 4), Array.scalar(2f)));
        cases.add(of("Inverse", Array.of(new float[] {2, 1, 0, 1, 3, 1, 0, 1, 4}, 3, 3)));
        for (int size : List.of(1, 2, 3, 4, 9)) {
            cases.add(of("NGramRepeatBlock", TEXTS, real(2, 6)).with("ngram_size", size));
        }
        for (int result : List.of(0, 3)) {
            cases.add(of("SkipSimplifiedLayerNormalization", real(2, 3, 4), real(2, 3, 4), real(4), real(4))
                    .result(result, 4));
        }
        cases.add(of("SkipLayerNormalization", real(2, 3, 4), real(3, 4), real(4)));
        return cases.stream();
    }

    private static MicrosoftCase gemm() {
        return of("FusedGemm", real(2, 3), real(4, 3), real(4))
                .with("transB", 1)
                .with("alpha", 2f);
    }

    private static MicrosoftCase convolution(Array sum) {
        return of("FusedConv", real(1, 2, 6, 6), real(4, 2, 3, 3), real(4), sum);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void libtorchAgreesWithOnnxRuntime(MicrosoftCase test) {
        test.assertAgrees(TOLERANCE);
    }

    /** ONNX Runtime has these on graphics processors alone. */
    @Test
    void whatOnlyGraphicsProcessorsHaveComputesAsItsNodesOneByOne() {
        Array x = real(2, 3, 4);
        Array bias = real(4);
        Array sum = OneNode.run("Add", 17, x, bias);
        assertClose(
                run("BiasSoftmax", x, bias.reshape(1, 1, 4)),
                OneNode.run(OneNode.node("Softmax", 1).with("axis", new Attribute.Whole(1)), 11, sum));
        assertClose(run("BiasAdd", x, bias, x), OneNode.run("Add", 17, sum, x));
        Array left = OneNode.run("Slice", 17, sum, longs(0), longs(2), longs(2));
        Array right = OneNode.run("Slice", 17, sum, longs(2), longs(4), longs(2));
        assertClose(run("BiasSplitGelu", x, bias), OneNode.run("Mul", 17, left, OneNode.run("Gelu", 20, right)));
        Array weight = real(4, 2);
        Node tanh = OneNode.node("Gelu", 1).with("approximate", new Attribute.Text("tanh"));
        assertClose(run("GemmFastGelu", x, weight), OneNode.run(tanh, 20, OneNode.run("MatMul", 17, x, weight)));
    }

    @Test
    void aPhraseIsBlockedByATokenThatIsThere() {
        Node block = OneNode.node("NGramRepeatBlock", 2).in("com.microsoft").with("ngram_size", new Attribute.Whole(1));
        for (long token : List.of(-1L, 2L, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> OneNode.run(block, 17, Array.of(new long[] {token}, 1, 1), real(1, 2)))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("blocks token " + token + " of 2");
        }
        assertThatThrownBy(() -> OneNode.run(block, 17, TEXTS, real(1, 6)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("operand 1 of shape");
    }

    /** ONNX Runtime has its own group normalisation on graphics processors alone, and ONNX's on all. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void groupNormIsOnnxsOwnWithChannelsLastAndAnActivationBehind(long activation) {
        Array x = real(2, 3, 5, 4);
        Array gamma = real(4);
        Array beta = real(4);
        Node node = OneNode.node("GroupNorm", 3)
                .in("com.microsoft")
                .with("groups", new Attribute.Whole(2))
                .with("epsilon", new Attribute.Real(0.01f))
                .with("activation", new Attribute.Whole(activation));
        Array expected = activated(activation, groupNormalization(transposed(x, 0L, 3L, 1L, 2L), gamma, beta));

        assertClose(OneNode.run(node, 17, x, gamma, beta), transposed(expected, 0L, 2L, 3L, 1L));
        Node first = node.with("channels_last", new Attribute.Whole(0));
        assertClose(OneNode.run(first, 17, transposed(x, 0L, 3L, 1L, 2L), gamma, beta), expected);
    }

    @Test
    void groupNormTakesFactorsInFloat32BesideHalfPrecision() {
        Node half = OneNode.node("Cast", 1).with("to", new Attribute.Whole(ElementType.FLOAT16.code()));
        Node node = OneNode.node("GroupNorm", 3).in("com.microsoft").with("groups", new Attribute.Whole(2));
        Array x = real(1, 2, 2, 4);
        Array result = OneNode.run(node, 17, OneNode.run(half, 17, x), real(4), real(4));
        assertThat(result.type()).isEqualTo(ElementType.FLOAT16);
        assertThat(result.shape()).isEqualTo(x.shape());
    }

    private static Array groupNormalization(Array x, Array scale, Array bias) {
        Node node = OneNode.node("GroupNormalization", 3)
                .with("num_groups", new Attribute.Whole(2))
                .with("epsilon", new Attribute.Real(0.01f));
        return OneNode.run(new OrtRuntime(), node, 21, x, scale, bias);
    }

    private static Array activated(long activation, Array x) {
        return activation == 0 ? x : OneNode.run("Mul", 17, x, OneNode.run("Sigmoid", 17, x));
    }

    private static Array transposed(Array x, Long... order) {
        return OneNode.run(OneNode.node("Transpose", 1).with("perm", new Attribute.Wholes(List.of(order))), 17, x);
    }

    private static void assertClose(Array actual, Array expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.floats()).containsExactly(expected.floats(), Offset.offset((float) TOLERANCE));
    }

    private static Array run(String operator, Array... operands) {
        return OneNode.run(OneNode.node(operator, operands.length).in("com.microsoft"), 17, operands);
    }

    private static Array longs(long... values) {
        return Array.of(values, values.length);
    }
}
