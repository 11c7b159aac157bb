package dev.graft.torch;

import static dev.graft.torch.Hostile.floats;
import static dev.graft.torch.Hostile.longs;
import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operands from a file that nobody vouches for end in one error that names the node, and never end the process. */
class HostileOperandsTest {
    private static final long HUGE = 1L << 44;

    private static Array column(int rows) {
        return longs(new long[rows]).reshape(rows, 1);
    }

    private static long[] negative(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, -1);
        return ones;
    }

    private static Array bools(long... shape) {
        return Array.of(new boolean[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
    }

    private static Array grid(long... values) {
        return Array.of(values, 1, values.length);
    }

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    static Stream<Hostile> indices() {
        return Stream.of(
                Hostile.of("Gather", "index out of range", floats(3, 2), longs(3)),
                Hostile.of("Gather", "index out of range", floats(3, 2), longs(-4)),
                Hostile.of("Gather", "out of range", floats(3), longs(Long.MAX_VALUE)),
                Hostile.of("Gather", "index out of range", floats(3), longs(Long.MIN_VALUE)),
                Hostile.of("Gather", "failed", floats(0, 2), longs(0)),
                Hostile.of("Gather", "lacks", floats(), longs(0)),
                Hostile.of(node("Gather", 2).with("axis", whole(2)), "axis 2", floats(3, 2), longs(0)),
                Hostile.of("GatherElements", "out of bounds", floats(1, 2), grid(0, 2)),
                Hostile.of("GatherElements", "failed", floats(1, 2), longs(0)),
                Hostile.of("GatherND", "index outside", floats(3, 2), grid(0, 2)),
                Hostile.of("GatherND", "index outside", floats(3, 2), grid(-4, 0)),
                Hostile.of("GatherND", "coordinates", floats(3), grid(0, 0)),
                Hostile.of("ScatterND", "index outside", floats(3), grid(3), floats(1)),
                Hostile.of("ScatterND", "failed", floats(3), grid(1), floats(4)),
                Hostile.of("ScatterElements", "out of bounds", floats(1, 2), grid(0, 2), floats(1, 2)),
                Hostile.of("ScatterElements", "failed", floats(1, 2), grid(0, 1), floats(1, 1)),
                Hostile.of("TopK", "top 4 of 3", floats(3), longs(4)),
                Hostile.of("TopK", "top -1 of 3", floats(3), longs(-1)));
    }

    static Stream<Hostile> sizes() {
        return Stream.of(
                Hostile.of("Reshape", "negative size", floats(6), longs(-2, -3)),
                Hostile.of("Reshape", "negative size", floats(6), longs(-1, -1)),
                Hostile.of("Reshape", "cannot give shape", floats(6), longs(4, -1)),
                Hostile.of("Reshape", "more elements", floats(6), longs(HUGE, HUGE)),
                Hostile.of("Reshape", "cannot give shape", floats(0), longs(1L << 32, 1L << 30)),
                Hostile.of("Reshape", "copies dimension 1", floats(6), longs(6, 0)),
                Hostile.of("ConstantOfShape", "memory", longs(HUGE)),
                Hostile.of("ConstantOfShape", "more elements", longs(HUGE, HUGE)),
                Hostile.of("ConstantOfShape", "negative size", longs(-1)),
                Hostile.of("ConstantOfShape", "-1, …] (1000)", longs(negative(1000))),
                Hostile.of(
                        node("BatchNormalization", 5).with("training_mode", whole(1)),
                        "each of 2 channels in operand 3",
                        floats(3, 2),
                        floats(2),
                        floats(2),
                        floats(),
                        floats(2)),
                Hostile.of("Expand", "memory", floats(1), longs(HUGE)),
                Hostile.of("Expand", "negative size", floats(1), longs(-7)),
                Hostile.of("Expand", "failed", floats(2), longs(3)),
                Hostile.of("Tile", "memory", floats(2), longs(HUGE)),
                Hostile.of("Tile", "negative size", floats(2), longs(-1)),
                Hostile.of("Tile", "repeats 2 dimensions", floats(2), longs(1, 1)),
                Hostile.of("Range", "memory", Array.scalar(0L), Array.scalar(HUGE), Array.scalar(1L)),
                Hostile.of("Range", "steps by 0", Array.scalar(0L), Array.scalar(5L), Array.scalar(0L)),
                Hostile.of("Range", "failed", Array.scalar(-2L), Array.scalar(Long.MAX_VALUE), Array.scalar(1L)),
                Hostile.of("Range", "never reaches", Array.scalar(0f), Array.scalar(5f), Array.scalar(0f)),
                Hostile.of("Range", "never reaches", Array.scalar(0f), Array.scalar(Float.NaN), Array.scalar(1f)),
                Hostile.of("OneHot", "memory", longs(0), Array.scalar(HUGE), floats(2)),
                Hostile.of("Pad", "memory", floats(1), longs(0, HUGE)),
                Hostile.of(
                        node("Pad", 2).with("mode", new Attribute.Text("edge")), "memory", floats(1), longs(HUGE, 0)),
                Hostile.of("Add", "half of this machine's memory", floats(1 << 20, 1), floats(1, 1 << 20)),
                Hostile.of("Equal", "half of this machine's memory", floats(1 << 20, 1), floats(1, 1 << 20)),
                Hostile.of("Div", "half of this machine's memory", longs(new long[1 << 20]), column(1 << 20)),
                Hostile.of("Where", "half of this machine's", bools(1 << 20, 1), floats(1), floats(1, 1 << 20)),
                Hostile.of("MatMul", "half of this machine's memory", floats(1 << 20, 1), floats(1, 1 << 20)),
                Hostile.of("Gemm", "half of this machine's memory", floats(1 << 20, 1), floats(1, 1 << 20)),
                Hostile.of("Pad", "overflow", floats(1), longs(Long.MAX_VALUE, 1)),
                Hostile.of("Pad", "needs 2 pads", floats(1), longs(1)));
    }

    static Stream<Hostile> forms() {
        return Stream.of(
                Hostile.of("Div", "by zero", longs(1, 2), longs(1, 0)),
                Hostile.of("Mod", "by zero", longs(1, 2), longs(1, 0)),
                Hostile.of("Slice", "steps by 0", floats(3), longs(0), longs(1), longs(0), longs(0)),
                Hostile.of("Slice", "as many", floats(3), longs(0), longs(1, 2)),
                Hostile.of("Slice", "axis 1", floats(3), longs(0), longs(1), longs(1)),
                Hostile.of("Squeeze", "only size 1", floats(2, 3), longs(1)),
                Hostile.of("Unsqueeze", "twice", floats(2), longs(0, -3)),
                Hostile.of(
                        node("Transpose", 1).with("perm", new Attribute.Wholes(List.of(0L, 0L))),
                        "failed",
                        floats(2, 3)),
                Hostile.of("Concat", "failed", floats(2, 3), floats(3, 2)),
                Hostile.of("Split", "another number of parts", floats(3), longs(1, 2)),
                Hostile.of("Split", "failed", floats(3), longs(-3)),
                Hostile.of(node("Softmax", 1).with("axis", whole(7)), "failed", floats(2)),
                Hostile.of(node("Flatten", 1).with("axis", whole(7)), "axis 7", floats(2)),
                Hostile.of(node("Einsum", 0).with("equation", new Attribute.Text("->")), "needs an operand"),
                Hostile.of(node("Einsum", 1).with("equation", new Attribute.Text("ij->->k")), "failed", floats(2, 2)),
                Hostile.of(node("Cast", 1).with("to", whole(99)), "failed", floats(2)),
                Hostile.of(node("Cast", 1).with("to", whole(8)), "casts to string", floats(2)),
                Hostile.of("MatMul", "failed", floats(2, 3), floats(2, 3)),
                Hostile.of("MatMul", "operands are float[2,3], float[2,3]", floats(2, 3), floats(2, 3)),
                Hostile.of("Trilu", "failed", floats(3)),
                Hostile.of("Trilu", "one number as operand 1, not 0", floats(3, 3), floats(0)),
                Hostile.of("TopK", "one number as operand 1, not 2", floats(3), longs(1, 1)),
                Hostile.of("Range", "one number as operand 1, not 0", Array.scalar(0L), longs(), Array.scalar(1L)),
                Hostile.of("CumSum", "one number as operand 1, not 0", floats(3), longs()),
                Hostile.of("ReduceSum", "16777217 elements in operand 1", floats(3), longs(new long[(1 << 24) + 1])),
                Hostile.of("CumSum", "axis 1", floats(3), Array.scalar(1L)),
                Hostile.of("ReduceSum", "axis -2", floats(3), longs(-2)),
                Hostile.of("LayerNormalization", "failed", floats(2, 3), floats(2)),
                Hostile.of("Add", "needs operand 1", floats(3)));
    }

    static Stream<Hostile> recurrence() {
        Array x = floats(5, 3, 4);
        return Stream.of(
                Hostile.of("LSTM", "of shape [1, 12, 4]", x, floats(1, 8, 4), floats(1, 12, 3)),
                Hostile.of("LSTM", "operand 2 of shape [1, 8, 2]", x, floats(1, 8, 4), floats(1, 9, 2)),
                Hostile.of("LSTM", "3 dimensions", floats(5, 4), floats(1, 8, 4), floats(1, 8, 2)),
                Hostile.of("GRU", "operand 1", x, floats(2, 6, 4), floats(1, 6, 2)),
                Hostile.of("GRU", "operand 3", x, floats(1, 6, 4), floats(1, 6, 2), floats(1, 6)),
                Hostile.of(
                        "RNN", "sequence lengths", x, floats(1, 2, 4), floats(1, 2, 2), floats(1, 4), longs(6, 1, 1)),
                Hostile.of("RNN", "sequence lengths", x, floats(1, 2, 4), floats(1, 2, 2), floats(1, 4), longs(-1)),
                Hostile.of(
                        "RNN",
                        "operand 5",
                        x,
                        floats(1, 2, 4),
                        floats(1, 2, 2),
                        floats(1, 4),
                        longs(5, 5, 5),
                        floats(1, 2, 2)),
                Hostile.of(
                        node("RNN", 3).with("direction", new Attribute.Text("sideways")),
                        "sideways",
                        x,
                        floats(1, 2, 4),
                        floats(1, 2, 2)),
                Hostile.of(
                        node("RNN", 3).with("activations", new Attribute.Texts(List.of("Gulp"))),
                        "'gulp'",
                        x,
                        floats(1, 2, 4),
                        floats(1, 2, 2)),
                Hostile.of(
                        node("RNN", 3).with("hidden_size", whole(-1)),
                        "operand 1",
                        x,
                        floats(1, 2, 4),
                        floats(1, 2, 2)),
                Hostile.of("ReverseSequence", "reverses [6, 1]", floats(5, 2), longs(6, 1)),
                Hostile.of("ReverseSequence", "reverses", floats(5, 2), longs(1)),
                Hostile.of(
                        node("ReverseSequence", 2).with("time_axis", whole(1)), "reverses", floats(2, 2), longs(1, 1)));
    }

    static Stream<Hostile> signals() {
        Array huge = Array.scalar(HUGE);
        Attribute shape = new Attribute.Wholes(List.of(HUGE, HUGE));
        return Stream.of(
                Hostile.of("DFT", "memory", floats(1, 4, 1), huge),
                Hostile.of("DFT", "transforms 0", floats(1, 4, 1), Array.scalar(0L)),
                Hostile.of("DFT", "transforms -1", floats(1, 4, 1), Array.scalar(-1L)),
                Hostile.of("DFT", "not 3", floats(1, 4, 3)),
                Hostile.of("DFT", "lacks", floats(4)),
                Hostile.of(node("DFT", 1).with("axis", whole(2)), "last axis", floats(1, 4, 1)),
                Hostile.of(node("DFT", 1).with("onesided", whole(1)), "real signals only", floats(1, 4, 2)),
                Hostile.of("STFT", "every 0", floats(1, 4, 1), Array.scalar(0L)),
                Hostile.of("STFT", "frames of 5", floats(1, 4, 1), Array.scalar(1L), floats(5)),
                Hostile.of("STFT", "shape [3]", floats(1, 4, 1), Array.scalar(1L), floats(2), Array.scalar(3L)),
                Hostile.of("HannWindow", "memory", huge),
                Hostile.of("HannWindow", "negative size", Array.scalar(-3L)),
                Hostile.of("HannWindow", "needs one number", longs(1, 2)),
                Hostile.of("MelWeightMatrix", "memory", huge, longs(64), longs(8000), floats(), floats()),
                Hostile.of("MelWeightMatrix", "rate 0", longs(8), longs(64), longs(0), floats(), floats()),
                Hostile.of("Compress", "chooses by 3", floats(2), Array.of(new boolean[3], 3)),
                Hostile.of("NonMaxSuppression", "operand 0", floats(1, 3, 4), floats(1, 1, 4)),
                Hostile.of("NonMaxSuppression", "3 dimensions", floats(1, 3, 4), floats(3)),
                Hostile.of(node("RandomNormal", 0).with("shape", shape), "more elements"),
                Hostile.of(node("Multinomial", 1).with("sample_size", whole(HUGE)), "memory", floats(1, 2)),
                Hostile.of("Multinomial", "0 classes", floats(1, 0)));
    }

    @ParameterizedTest
    @MethodSource({"indices", "sizes", "forms", "recurrence", "signals"})
    void isRefusedByName(Hostile hostile) {
        hostile.assertRefused(18);
    }

    /** The processor traps on this quotient, which does not fit 64 bits. */
    @Test
    void theSmallestNumberDividedByMinusOneWrapsAround() {
        Array smallest = longs(Long.MIN_VALUE, 7, -7);
        assertThat(OneNode.run("Div", 18, smallest, longs(-1, -1, 2)).longs()).containsExactly(Long.MIN_VALUE, -7, -3);
        assertThat(OneNode.run("Mod", 18, smallest, longs(-1, -1, 2)).longs()).containsExactly(0, 0, 1);
        Array ints = Array.of(new int[] {Integer.MIN_VALUE}, 1);
        assertThat(OneNode.run("Div", 18, ints, Array.of(new int[] {-1}, 1)).longs())
                .containsExactly(Integer.MIN_VALUE);
    }

    @Test
    void manyDimensionsAreRefusedOrComputed() {
        long[] axes = LongStream.range(0, 100).toArray();
        assertThat(OneNode.run("Unsqueeze", 18, floats(1), longs(axes)).rank()).isEqualTo(101);
        long[] shape = new long[101];
        Arrays.fill(shape, 1);
        for (String operator : List.of("Add", "MatMul", "Concat", "Max", "Equal", "ReduceSum", "Transpose")) {
            int operands = operator.equals("ReduceSum") || operator.equals("Transpose") ? 1 : 2;
            Array[] given = Collections.nCopies(operands, floats(shape)).toArray(new Array[0]);
            Throwable outcome = catchThrowable(() -> OneNode.run(operator, 18, given));
            if (outcome != null) {
                assertThat(outcome).as(operator).isInstanceOf(InputException.class);
            }
        }
    }
}
