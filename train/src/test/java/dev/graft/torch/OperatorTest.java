package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static dev.graft.torch.OneNode.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the operator sets say of corners that ONNX's own tests leave out: older versions, empty arrays, scalars, ends. */
class OperatorTest {
    private static Array floats(float... values) {
        return Array.of(values, values.length);
    }

    private static Array longs(long... values) {
        return Array.of(values, values.length);
    }

    private static Array counting(long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Array.of(values, shape);
    }

    private static Attribute wholes(Long... values) {
        return new Attribute.Wholes(List.of(values));
    }

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    @Test
    void axesAreAnAttributeBeforeTheyAreAnOperand() {
        Array x = counting(1, 2, 3);
        assertThat(run(node("ReduceSum", 1).with("axes", wholes(2L)), 11, x).floats())
                .containsExactly(3, 12);
        assertThat(run("ReduceSum", 13, x, longs(2)).floats()).containsExactly(3, 12);
        assertThat(run(node("ReduceMean", 1).with("axes", wholes(2L)), 17, x).floats())
                .containsExactly(1, 4);
        assertThat(run("ReduceMean", 18, x, longs(2)).floats()).containsExactly(1, 4);
        assertThat(run(node("Squeeze", 1).with("axes", wholes(0L)), 11, x).shape())
                .containsExactly(2, 3);
        assertThat(run("Squeeze", 13, x, longs(0)).shape()).containsExactly(2, 3);
        assertThat(run(node("Unsqueeze", 1).with("axes", wholes(0L, 4L)), 11, x).shape())
                .containsExactly(1, 1, 2, 3, 1);
        assertThat(run("Unsqueeze", 13, x, longs(-1, 0)).shape()).containsExactly(1, 1, 2, 3, 1);
    }

    @Test
    void reducingOverNoAxesMeansAllOrNoneAsTheNodeSays() {
        Array x = counting(2, 2);
        assertThat(run("ReduceSum", 13, x).shape()).containsExactly(1, 1);
        assertThat(run(node("ReduceSum", 1).with("keepdims", whole(0)), 13, x).shape())
                .isEmpty();
        assertThat(run(node("ReduceSum", 2).with("noop_with_empty_axes", whole(1)), 13, x, longs()))
                .isEqualTo(x);
        assertThat(run("ReduceSum", 13, Array.scalar(3f)).floats()).containsExactly(3);
    }

    @Test
    void sumsOfWholeNumbersKeepTheirType() {
        Array x = Array.of(new int[] {1, 2, 3}, 3);
        assertThat(run("ReduceSum", 13, x).type()).isEqualTo(ElementType.INT32);
        assertThat(run("ReduceProd", 13, x).longs()).containsExactly(6);
        assertThat(run("CumSum", 14, x, Array.scalar(0L)).longs()).containsExactly(1, 3, 6);
        assertThat(run("ReduceMean", 13, x).longs()).containsExactly(2);
    }

    @Test
    void sumsOverNothingAreZeroAndExtremesTheOtherEnd() {
        Array empty = Array.of(new float[0], 2, 0);
        assertThat(run("ReduceSum", 13, empty, longs(1)).floats()).containsExactly(0, 0);
        assertThat(run("ReduceMax", 18, empty, longs(1)).floats())
                .containsExactly(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
        assertThat(run("ReduceMin", 18, Array.of(new int[0], 0), longs(0)).longs())
                .containsExactly(Integer.MAX_VALUE);
    }

    @Test
    void emptyArraysPassThrough() {
        Array empty = Array.of(new float[0], 0, 3);
        assertThat(run("MatMul", 13, empty, counting(3, 2)).shape()).containsExactly(0, 2);
        assertThat(run("Softmax", 13, empty).shape()).containsExactly(0, 3);
        assertThat(run("LayerNormalization", 17, empty, counting(3)).shape()).containsExactly(0, 3);
        Node concat = node("Concat", 2).with("axis", whole(0));
        assertThat(run(concat, 13, empty, counting(2, 3))).isEqualTo(counting(2, 3));
        assertThat(run("Gather", 13, counting(4, 3), Array.of(new long[0], 0)).shape())
                .containsExactly(0, 3);
        assertThat(run("Reshape", 14, empty, longs(0, -1)).shape()).containsExactly(0, 3);
        assertThat(run("Slice", 13, counting(3), longs(2), longs(1)).shape()).containsExactly(0);
        assertThat(run("Range", 11, Array.scalar(3L), Array.scalar(1L), Array.scalar(1L))
                        .shape())
                .containsExactly(0);
    }

    @Test
    void reshapeCopiesZerosUnlessTheyAreAllowed() {
        Array x = counting(2, 3);
        assertThat(run("Reshape", 14, x, longs(0, 3, 1)).shape()).containsExactly(2, 3, 1);
        assertThat(run("Reshape", 14, x, longs(3, -1)).shape()).containsExactly(3, 2);
        Node allowing = node("Reshape", 2).with("allowzero", whole(1));
        assertThat(run(allowing, 14, Array.of(new float[0], 2, 0), longs(0, 5)).shape())
                .containsExactly(0, 5);
        assertThat(run("Reshape", 14, Array.scalar(1f), longs()).shape()).isEmpty();
    }

    /** The shape is cached on the host; a wrong implementation fills in its zeros for good. */
    @Test
    void aReshapeToAConstantServesEveryBatchSize() {
        var x = new ValueInfo("x", Optional.of(ElementType.FLOAT), Optional.empty(), Extras.NONE);
        var y = new ValueInfo("y", Optional.empty(), Optional.empty(), Extras.NONE);
        Graph graph = Graph.of(
                List.of(x), List.of(y), List.of(Node.of("Reshape", "y", "x", "to")), Map.of("to", longs(0, -1)), 14);
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(OneNode.value(network.run(Map.of("x", counting(2, 3))), "y")
                            .shape())
                    .containsExactly(2, 3);
            assertThat(OneNode.value(network.run(Map.of("x", counting(4, 3))), "y")
                            .shape())
                    .containsExactly(4, 3);
        }
    }

    @Test
    void slicesReachPastBothEnds() {
        Array x = counting(5);
        assertThat(run("Slice", 13, x, longs(-100), longs(Long.MAX_VALUE)).floats())
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(run("Slice", 13, x, longs(-1), longs(Long.MIN_VALUE), longs(0), longs(-2))
                        .floats())
                .containsExactly(4, 2, 0);
        assertThat(run("Slice", 13, x, longs(Long.MAX_VALUE), longs(1), longs(-1), longs(-1))
                        .floats())
                .containsExactly(4, 3, 2);
        assertThat(run("Slice", 13, x, longs(0), longs(5), longs(0), longs(Long.MAX_VALUE))
                        .floats())
                .containsExactly(0);
        assertThat(run("Slice", 13, x, longs(-1), longs(Long.MIN_VALUE), longs(0), longs(Long.MIN_VALUE))
                        .floats())
                .containsExactly(4);
        Node old = node("Slice", 1).with("starts", wholes(1L)).with("ends", wholes(Long.MAX_VALUE));
        assertThat(run(old, 9, x).floats()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void splitsAreEqualUnlessTheyAreGiven() {
        Node two = node("Split", 1).defining(List.of("first", "y"));
        assertThat(run(two, 11, counting(4)).floats()).containsExactly(2, 3);
        assertThat(run(two.with("split", wholes(1L, 3L)), 11, counting(4)).floats())
                .containsExactly(1, 2, 3);
        Node three = node("Split", 1).defining(List.of("first", "second", "y")).with("num_outputs", whole(3));
        assertThat(run(three, 18, counting(7)).floats()).containsExactly(6);
    }

    @Test
    void infinityAndNoNumberCastToWholeNumbersWithoutFailing() {
        Node cast = node("Cast", 1).with("to", whole(ElementType.INT64.code()));
        Array odd = floats(Float.NEGATIVE_INFINITY, Float.NaN, 2.9f, -2.9f);
        long[] cast64 = run(cast, 13, odd).longs();
        assertThat(cast64[2]).isEqualTo(2);
        assertThat(cast64[3]).isEqualTo(-2);
        Node truth = node("Cast", 1).with("to", whole(ElementType.BOOL.code()));
        assertThat(run(truth, 13, odd).longs()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void halfPrecisionIsComputedWith() {
        for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
            int one = type == ElementType.FLOAT16 ? 0x3c00 : 0x3f80;
            ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            Array ones = Array.of(
                    type, new long[] {2}, bytes.putShort(0, (short) one).putShort(2, (short) one));
            for (String operator : List.of("Add", "Mul", "MatMul", "Max", "Pow")) {
                assertThat(run(operator, 15, ones, ones).type()).as(operator).isEqualTo(type);
            }
            assertThat(Numbers.of(run("Add", 14, ones, ones))).containsExactly(2, 2);
            assertThat(Numbers.of(run("Softmax", 13, ones))).containsExactly(0.5, 0.5);
        }
    }

    @Test
    void quotientsOfWholeNumbersAreCutTowardsZero() {
        assertThat(run("Div", 14, longs(7, -7, 7, -7), longs(2, 2, -2, -2)).longs())
                .containsExactly(3, -3, -3, 3);
        assertThat(run("Mod", 13, longs(7, -7, 7, -7), longs(2, 2, -2, -2)).longs())
                .containsExactly(1, 1, -1, -1);
        Node c = node("Mod", 2).with("fmod", whole(1));
        assertThat(run(c, 13, longs(7, -7), longs(2, 2)).longs()).containsExactly(1, -1);
        Array bytes = Array.of(ElementType.UINT8, new long[] {1}, ByteBuffer.wrap(new byte[] {(byte) 250}));
        Array most = Array.of(ElementType.UINT8, new long[] {1}, ByteBuffer.wrap(new byte[] {(byte) 255}));
        assertThat(run("Div", 14, bytes, most).longs()).containsExactly(0);
    }

    @Test
    void shapesAreCutByStartAndEnd() {
        Array x = counting(2, 3, 4);
        assertThat(run("Shape", 13, x).longs()).containsExactly(2, 3, 4);
        assertThat(run(node("Shape", 1).with("start", whole(-2)), 15, x).longs())
                .containsExactly(3, 4);
        assertThat(run(node("Shape", 1).with("start", whole(1)).with("end", whole(-1)), 15, x)
                        .longs())
                .containsExactly(3);
        assertThat(run("Shape", 13, Array.scalar(1f)).longs()).isEmpty();
        assertThat(run("Size", 13, x).shape()).isEmpty();
    }

    @Test
    void limitsAreAttributesBeforeTheyAreOperands() {
        Node old = node("Clip", 1).with("min", new Attribute.Real(0)).with("max", new Attribute.Real(1));
        assertThat(run(old, 10, floats(-1, 0.5f, 2)).floats()).containsExactly(0, 0.5f, 1);
        assertThat(run("Clip", 13, floats(-1, 2), Array.scalar(0f)).floats()).containsExactly(0, 2);
        assertThat(run("Clip", 13, longs(-1, 20), Array.scalar(0L), Array.scalar(15L))
                        .longs())
                .containsExactly(0, 15);
    }

    @Test
    void powersHaveTheTypeOfTheirBase() {
        assertThat(run("Pow", 15, longs(2, 3), floats(2, 0.5f)).longs()).containsExactly(4, 1);
        assertThat(run("Pow", 15, floats(2, 3), longs(2)).floats()).containsExactly(4, 9);
        assertThat(run("Pow", 15, floats(2), Array.of(new float[] {1, 2, 3}, 3, 1))
                        .shape())
                .containsExactly(3, 1);
    }

    @Test
    void scalarsStayScalars() {
        Array three = Array.scalar(3f);
        for (String operator : List.of("Add", "Mul", "Max", "Min", "Pow", "Div")) {
            assertThat(run(operator, 15, three, three).shape()).as(operator).isEmpty();
        }
        assertThat(run("Gather", 13, counting(4), Array.scalar(2L)).shape()).isEmpty();
        assertThat(run("Expand", 13, three, longs(2, 1)).floats()).containsExactly(3, 3);
        assertThat(run("Transpose", 13, three).shape()).isEmpty();
        assertThat(run("Flatten", 13, counting(3)).shape()).containsExactly(3, 1);
    }

    @Test
    void ofEqualElementsTheFirstIsBest() {
        Array equal = floats(1, 2, 2, 1);
        assertThat(run("ArgMax", 13, equal).longs()).containsExactly(1);
        assertThat(run(node("ArgMax", 1).with("select_last_index", whole(1)), 13, equal)
                        .longs())
                .containsExactly(2);
        Node top = node("TopK", 2).defining(List.of("values", "y"));
        assertThat(run(top, 11, equal, longs(3)).longs()).containsExactly(1, 2, 0);
        assertThat(run(top.with("largest", whole(0)), 11, equal, longs(2)).longs())
                .containsExactly(0, 3);
    }

    @Test
    void unsignedNumbersOfAllSizesAreComputed() {
        Array shorts = Array.of(
                ElementType.UINT16,
                new long[] {1},
                ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 60000));
        assertThat(Numbers.of(run("Add", 14, shorts, shorts))).containsExactly(120000 - 65536);
        assertThat(Numbers.of(run("Max", 14, shorts, shorts))).containsExactly(60000);
        assertThat(run("Equal", 14, shorts, shorts).longs()).containsExactly(1);
    }
}
