package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime's own operators compute on libtorch what they compute at home. */
class MicrosoftOpsTest {
    /** ONNX Runtime approximates the error function and sums in another order. */
    private static final double TOLERANCE = 2e-6;

    private static final Random RANDOM = new Random(3);

    private record Case(Node node, List<Array> operands) {
        static Case of(Node node, Array... operands) {
            return new Case(node.in("com.microsoft"), List.of(operands));
        }

        @Override
        public String toString() {
            return node.operator() + operands + node.attributes();
        }
    }

    private static Array real(long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = RANDOM.nextFloat() * 2 - 1;
        }
        return Array.of(values, shape);
    }

    private static Array ints(long[] shape, int... values) {
        return Array.of(values, shape);
    }

    private static Node with(String operator, int operands, String attribute, long value) {
        return node(operator, operands).with(attribute, new Attribute.Whole(value));
    }

    static Stream<Case> cases() {
        Array tokens = ints(new long[] {2, 3}, 1, 0, 4, 2, 2, 3);
        Array segments = ints(new long[] {2, 3}, 0, 1, 1, 0, 0, 1);
        Array mask = ints(new long[] {2, 3}, 1, 1, 0, 1, 1, 1);
        Array lengths = ints(new long[] {2}, 2, 3);
        Node skip = node("SkipLayerNormalization", 5).with("epsilon", new Attribute.Real(1e-5f));
        return Stream.of(
                Case.of(node("Gelu", 1), real(2, 5)),
                Case.of(node("BiasGelu", 2), real(2, 5), real(5)),
                Case.of(node("FastGelu", 1), real(2, 5)),
                Case.of(node("FastGelu", 2), real(2, 5), real(5)),
                Case.of(node("QuickGelu", 1), real(2, 5)),
                Case.of(skip, real(2, 3, 4), real(2, 3, 4), real(4), real(4), real(4)),
                Case.of(
                        skip.defining(List.of("normal", "", "", "y")),
                        real(2, 3, 4),
                        real(2, 3, 4),
                        real(4),
                        real(4),
                        real(4)),
                Case.of(
                        node("EmbedLayerNormalization", 7).defining(List.of("y", "count")),
                        tokens,
                        segments,
                        real(5, 4),
                        real(3, 4),
                        real(2, 4),
                        real(4),
                        real(4)),
                Case.of(
                        node("EmbedLayerNormalization", 8).defining(List.of("y", "count")),
                        tokens,
                        segments,
                        real(5, 4),
                        real(3, 4),
                        real(2, 4),
                        real(4),
                        real(4),
                        mask),
                Case.of(node("FusedMatMul", 2), real(2, 3), real(3, 2)),
                Case.of(with("FusedMatMul", 2, "transA", 1), real(2, 3, 2), real(2, 3, 4)),
                Case.of(
                        with("FusedMatMul", 2, "transB", 1).with("alpha", new Attribute.Real(0.3f)),
                        real(3, 2),
                        real(4, 2)),
                Case.of(with("Attention", 3, "num_heads", 2), real(2, 3, 4), real(4, 12), real(12)),
                Case.of(with("Attention", 4, "num_heads", 2), real(2, 3, 4), real(4, 12), real(12), mask),
                Case.of(with("Attention", 4, "num_heads", 2), real(2, 3, 4), real(4, 12), real(12), lengths),
                Case.of(
                        with("Attention", 3, "num_heads", 2).with("unidirectional", new Attribute.Whole(1)),
                        real(2, 3, 4),
                        real(4, 12),
                        real(12)),
                Case.of(with("MultiHeadAttention", 3, "num_heads", 2), real(2, 3, 4), real(2, 5, 4), real(2, 5, 4)),
                Case.of(
                        with("MultiHeadAttention", 5, "num_heads", 2),
                        real(2, 3, 4),
                        real(2, 3, 4),
                        real(2, 3, 4),
                        real(12),
                        mask));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void libtorchAgreesWithOnnxRuntime(Case test) {
        Array[] operands = test.operands().toArray(new Array[0]);
        float[] expected =
                OneNode.run(new OrtRuntime(), test.node(), 17, operands).floats();
        float[] actual = OneNode.run(OneNode.TORCH, test.node(), 17, operands).floats();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("%s[%d]", test, i).isLessThanOrEqualTo((float) TOLERANCE);
        }
    }
}
