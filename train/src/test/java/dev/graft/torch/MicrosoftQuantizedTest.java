package dev.graft.torch;

import static dev.graft.torch.MicrosoftCase.bytes;
import static dev.graft.torch.MicrosoftCase.none;
import static dev.graft.torch.MicrosoftCase.of;
import static dev.graft.torch.MicrosoftCase.whole;

import dev.graft.graph.Attribute;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime's quantised operators compute on libtorch what they compute at home. */
class MicrosoftQuantizedTest {
    /** ONNX Runtime reads the sigmoid from a table and multiplies in fixed point: a number may round the other way. */
    private static final double ONE_STEP = 1;

    /** For real results of sums over a hundred products. */
    private static final double REAL = 2e-6;

    private static final Array ZERO = zero(ElementType.UINT8, 120);

    private static Array zero(ElementType type, int value) {
        return bytes(type, new long[0], value);
    }

    private static Array scale(double value) {
        return Array.scalar((float) value);
    }

    private static MicrosoftCase elementwise(String operator) {
        Array a = whole(ElementType.UINT8, 2, 3, 4);
        Array b = whole(ElementType.UINT8, 3, 1);
        return of(operator, a, scale(0.02), ZERO, b, scale(0.01), ZERO, scale(0.03), ZERO);
    }

    private static MicrosoftCase unary(String operator, double scale) {
        Array x = whole(ElementType.UINT8, 1, 3, 4, 2);
        return of(operator, x, scale(0.03), ZERO, scale(scale), zero(ElementType.UINT8, 0));
    }

    static Stream<MicrosoftCase> elementwise() {
        Array condition = Array.of(new boolean[] {true, false, true}, 3, 1);
        return Stream.of(
                elementwise("QLinearAdd"),
                elementwise("QLinearMul"),
                unary("QLinearSigmoid", 1 / 256.0),
                unary("QLinearLeakyRelu", 0.03).with("alpha", 0.2f),
                unary("QLinearGlobalAveragePool", 0.01).with("channels_last", 0),
                unary("QLinearGlobalAveragePool", 0.01).with("channels_last", 1),
                unary("QLinearAveragePool", 0.03).with("kernel_shape", new Attribute.Wholes(List.of(2L, 2L))),
                unary("QLinearAveragePool", 0.03)
                        .with("kernel_shape", new Attribute.Wholes(List.of(3L, 2L)))
                        .with("pads", new Attribute.Wholes(List.of(1L, 0L, 1L, 1L)))
                        .with("channels_last", 1),
                of(
                        "QLinearWhere",
                        condition,
                        whole(ElementType.UINT8, 3, 4),
                        scale(0.02),
                        ZERO,
                        whole(ElementType.UINT8, 3, 4),
                        scale(0.01),
                        ZERO,
                        scale(0.03),
                        ZERO),
                of(
                                "QLinearConcat",
                                scale(0.02),
                                ZERO,
                                whole(ElementType.UINT8, 2, 3),
                                scale(0.01),
                                ZERO,
                                whole(ElementType.UINT8, 2, 2),
                                scale(0.03),
                                ZERO)
                        .with("axis", 1));
    }

    static Stream<MicrosoftCase> products() {
        Array signedZero = zero(ElementType.INT8, 3);
        Array four = Array.of(new int[] {7, -300, 100, 0}, 4);
        Array scales = Array.of(new float[] {0.01f, 0.02f, 0.015f, 0.005f}, 4);
        Array image = whole(ElementType.UINT8, 1, 5, 5, 2);
        Array kernels = whole(ElementType.INT8, 4, 2, 3, 3);
        Array zeros = bytes(ElementType.INT8, new long[] {4}, 0, 0, 0, 0);
        return Stream.of(
                of(
                                "QGemm",
                                whole(ElementType.UINT8, 3, 5),
                                scale(0.02),
                                ZERO,
                                whole(ElementType.INT8, 4, 5),
                                scale(0.01),
                                signedZero,
                                four,
                                scale(0.04),
                                ZERO)
                        .with("transB", 1)
                        .with("alpha", 0.5f),
                of("QLinearConv", image, scale(0.02), ZERO, kernels, scales, zeros, scale(0.4), ZERO, four)
                        .with("channels_last", 1)
                        .with("pads", new Attribute.Wholes(List.of(1L, 1L, 1L, 1L))));
    }

    @ParameterizedTest
    @MethodSource({"elementwise", "products"})
    void wholeResultsAreAtMostAStepFromOnnxRuntimes(MicrosoftCase test) {
        test.assertAgrees(ONE_STEP);
    }

    private static MicrosoftCase packed(long bits, Array... operands) {
        return of("MatMulNBits", operands)
                .with("K", 40)
                .with("N", 6)
                .with("bits", bits)
                .with("block_size", 16);
    }

    static Stream<MicrosoftCase> real() {
        Array columns = Array.of(new float[] {0.01f, 0.02f, 0.03f}, 3);
        Array zeros = bytes(ElementType.INT8, new long[] {3}, 0, 5, -7);
        Array weights = whole(ElementType.INT8, 4, 3);
        Array halves = whole(ElementType.UINT8, 6, 3, 8);
        return Stream.of(
                of(
                        "MatMulIntegerToFloat",
                        whole(ElementType.UINT8, 2, 4),
                        weights,
                        scale(0.02),
                        columns,
                        ZERO,
                        zeros,
                        MicrosoftCase.real(3)),
                of(
                        "DynamicQuantizeMatMul",
                        MicrosoftCase.real(2, 2, 4),
                        weights,
                        columns,
                        zeros,
                        MicrosoftCase.real(3)),
                packed(4, MicrosoftCase.real(2, 40), halves, MicrosoftCase.real(18)),
                packed(4, MicrosoftCase.real(2, 2, 40), halves, MicrosoftCase.real(18), whole(ElementType.UINT8, 12)),
                packed(8, MicrosoftCase.real(2, 40), whole(ElementType.UINT8, 6, 3, 16), MicrosoftCase.real(18)),
                packed(
                        4,
                        MicrosoftCase.real(2, 40),
                        halves,
                        MicrosoftCase.real(18),
                        none(),
                        none(),
                        MicrosoftCase.real(6)));
    }

    @ParameterizedTest
    @MethodSource("real")
    void realResultsAreOnnxRuntimes(MicrosoftCase test) {
        test.assertAgreesByShare(REAL);
    }
}
