package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime's quantised operators compute on libtorch what they compute at home. */
class MicrosoftQuantizedTest {
    /** ONNX Runtime reads the sigmoid from a table and multiplies in fixed point: a number may round the other way. */
    private static final double ONE_STEP = 1;

    /** For real results of sums over a hundred products. */
    private static final double REAL = 2e-5;

    private static final Random RANDOM = new Random(5);
    private static final Array ZERO = bytes(ElementType.UINT8, new long[0], 120);

    private record Case(Node node, List<Array> operands) {
        static Case of(Node node, Array... operands) {
            return new Case(node.in("com.microsoft"), List.of(operands));
        }

        @Override
        public String toString() {
            return node.operator() + operands + node.attributes();
        }
    }

    private static Array bytes(ElementType type, long[] shape, int... values) {
        ByteBuffer buffer = Array.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, (byte) values[i]);
        }
        return Array.of(type, shape, buffer);
    }

    private static Array whole(ElementType type, long... shape) {
        int[] values = RANDOM.ints(count(shape), 0, 256).toArray();
        return bytes(type, shape, values);
    }

    private static Array real(long... shape) {
        float[] values = new float[count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = RANDOM.nextFloat() * 2 - 1;
        }
        return Array.of(values, shape);
    }

    private static int count(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private static Array scale(double value) {
        return Array.scalar((float) value);
    }

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Case elementwise(String operator) {
        return Case.of(
                node(operator, 8),
                whole(ElementType.UINT8, 2, 3, 4),
                scale(0.02),
                ZERO,
                whole(ElementType.UINT8, 3, 1),
                scale(0.01),
                ZERO,
                scale(0.03),
                ZERO);
    }

    private static Case unary(Node node, double scale) {
        Array zero = bytes(ElementType.UINT8, new long[0], 0);
        return Case.of(node, whole(ElementType.UINT8, 1, 3, 4, 2), scale(0.03), ZERO, scale(scale), zero);
    }

    private static Node packed(int operands, long bits) {
        return node("MatMulNBits", operands)
                .with("K", whole(40))
                .with("N", whole(6))
                .with("bits", whole(bits))
                .with("block_size", whole(16));
    }

    static Stream<Case> cases() {
        var cases = new ArrayList<Case>();
        cases.add(elementwise("QLinearAdd"));
        cases.add(elementwise("QLinearMul"));
        cases.add(unary(node("QLinearSigmoid", 5), 1 / 256.0));
        cases.add(unary(node("QLinearLeakyRelu", 5).with("alpha", new Attribute.Real(0.2f)), 0.03));
        cases.add(unary(node("QLinearGlobalAveragePool", 5).with("channels_last", whole(0)), 0.01));
        cases.add(unary(node("QLinearGlobalAveragePool", 5).with("channels_last", whole(1)), 0.01));
        cases.add(Case.of(
                node("QLinearConcat", 8).with("axis", whole(1)),
                scale(0.02),
                ZERO,
                whole(ElementType.UINT8, 2, 3),
                scale(0.01),
                ZERO,
                whole(ElementType.UINT8, 2, 2),
                scale(0.03),
                ZERO));
        cases.add(Case.of(
                node("QGemm", 9).with("transB", whole(1)).with("alpha", new Attribute.Real(0.5f)),
                whole(ElementType.UINT8, 3, 5),
                scale(0.02),
                ZERO,
                whole(ElementType.INT8, 4, 5),
                scale(0.01),
                bytes(ElementType.INT8, new long[0], 3),
                Array.of(new int[] {7, -300, 100, 0}, 4),
                scale(0.04),
                ZERO));
        products(cases);
        return cases.stream();
    }

    private static void products(List<Case> cases) {
        Array columns = Array.of(new float[] {0.01f, 0.02f, 0.03f}, 3);
        Array zeros = bytes(ElementType.INT8, new long[] {3}, 0, 5, -7);
        cases.add(Case.of(
                node("MatMulIntegerToFloat", 7),
                whole(ElementType.UINT8, 2, 4),
                whole(ElementType.INT8, 4, 3),
                scale(0.02),
                columns,
                ZERO,
                zeros,
                real(3)));
        cases.add(Case.of(
                node("DynamicQuantizeMatMul", 5),
                real(2, 2, 4),
                whole(ElementType.INT8, 4, 3),
                columns,
                zeros,
                real(3)));
        cases.add(Case.of(packed(3, 4), real(2, 40), whole(ElementType.UINT8, 6, 3, 8), real(18)));
        cases.add(Case.of(
                packed(4, 4),
                real(2, 2, 40),
                whole(ElementType.UINT8, 6, 3, 8),
                real(18),
                whole(ElementType.UINT8, 12)));
        cases.add(Case.of(packed(3, 8), real(2, 40), whole(ElementType.UINT8, 6, 3, 16), real(18)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void libtorchAgreesWithOnnxRuntime(Case test) {
        Array[] operands = test.operands().toArray(new Array[0]);
        Array expected = OneNode.run(new OrtRuntime(), test.node(), 17, operands);
        Array actual = OneNode.run(OneNode.TORCH, test.node(), 17, operands);
        assertThat(actual.toString()).isEqualTo(expected.toString());
        double[] wanted = Numbers.of(expected);
        double[] got = Numbers.of(actual);
        double tolerance = expected.type() == ElementType.FLOAT ? REAL : ONE_STEP;
        for (int i = 0; i < wanted.length; i++) {
            assertThat(Math.abs(got[i] - wanted[i])).as("%s[%d]", test, i).isLessThanOrEqualTo(tolerance);
        }
    }
}
