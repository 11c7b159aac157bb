package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers of 8 bits and fewer as the tables of Cast-25, QuantizeLinear-25 and the formats' definitions say. */
class NarrowTypesTest {
    private static final long OPSET = 25;

    private static Array floats(float... values) {
        return Array.of(values, values.length);
    }

    private static Array bytes(ElementType type, long elements, int... values) {
        ByteBuffer buffer = Array.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, (byte) values[i]);
        }
        return Array.of(type, new long[] {elements}, buffer);
    }

    private static Node to(ElementType type) {
        return node("Cast", 1).with("to", new Attribute.Whole(type.code()));
    }

    private static double[] cast(ElementType type, float... values) {
        return Numbers.of(OneNode.run(to(type), OPSET, floats(values)));
    }

    @Test
    void fourBitRealsRoundToTheEvenCode() {
        assertThat(cast(ElementType.FLOAT4E2M1, 0.25f, 0.26f, 0.75f, 1.25f, 1.75f, 2.5f, 3.5f, 5, 5.1f, 100))
                .containsExactly(0, 0.5, 1, 1, 2, 2, 4, 4, 6, 6);
        assertThat(cast(ElementType.FLOAT4E2M1, -0.75f, -3, Float.NEGATIVE_INFINITY))
                .containsExactly(-1, -3, -6);
        Array codes = bytes(ElementType.FLOAT4E2M1, 4, 0x71, 0xf9);
        assertThat(OneNode.run(to(ElementType.FLOAT), OPSET, codes).floats()).containsExactly(0.5f, 6, -0.5f, -6);
    }

    @Test
    void wholeNumbersKeepTheirLowestBitsAndRealOnesTheirRange() {
        Array whole = Array.of(new int[] {-9, -1, 7, 8, 200}, 5);
        assertThat(Numbers.of(OneNode.run(to(ElementType.INT4), OPSET, whole))).containsExactly(7, -1, 7, -8, -8);
        assertThat(Numbers.of(OneNode.run(to(ElementType.UINT4), OPSET, whole))).containsExactly(7, 15, 7, 8, 8);
        assertThat(Numbers.of(OneNode.run(to(ElementType.INT2), OPSET, whole))).containsExactly(-1, -1, -1, 0, 0);
        assertThat(cast(ElementType.UINT2, -4, 1.9f, 3, 9)).containsExactly(0, 1, 3, 3);
        assertThat(cast(ElementType.INT4, -9, 2.5f, 8)).containsExactly(-8, 2, 7);
        Array packed = bytes(ElementType.INT2, 5, 0b10_11_01_00, 0b11);
        assertThat(OneNode.run(to(ElementType.INT32), OPSET, packed).longs()).containsExactly(0, 1, -1, -2, -1);
    }

    @Test
    void powersOfTwoRoundAsTheNodeSays() {
        float[] values = {1, 1.2f, 1.5f, 1.7f, 3e38f};
        assertThat(cast(ElementType.FLOAT8E8M0, values)).containsExactly(1, 2, 2, 2, Math.scalb(1.0, 127));
        Node down = to(ElementType.FLOAT8E8M0).with("round_mode", new Attribute.Text("down"));
        assertThat(Numbers.of(OneNode.run(down, OPSET, floats(values)))).startsWith(1, 1, 1, 1);
        Node nearest = to(ElementType.FLOAT8E8M0).with("round_mode", new Attribute.Text("nearest"));
        assertThat(Numbers.of(OneNode.run(nearest, OPSET, floats(values)))).startsWith(1, 1, 2, 2);
        assertThat(cast(ElementType.FLOAT8E8M0, 0, Float.POSITIVE_INFINITY, Float.NaN))
                .containsExactly(Math.scalb(1.0, -127), Math.scalb(1.0, 127), Double.NaN);
        Node strict = nearest.with("saturate", new Attribute.Whole(0));
        assertThat(Numbers.of(OneNode.run(strict, OPSET, floats(0, Float.POSITIVE_INFINITY))))
                .containsExactly(Double.NaN, Double.NaN);
        Array codes = bytes(ElementType.FLOAT8E8M0, 3, 127, 130, 255);
        assertThat(OneNode.run(to(ElementType.FLOAT), OPSET, codes).floats()).containsExactly(1, 8, Float.NaN);
    }

    @Test
    void bitsAreReadAsAnotherType() {
        Node whole = node("BitCast", 1).with("to", new Attribute.Whole(ElementType.INT32.code()));
        assertThat(OneNode.run(whole, 26, floats(1, -2)).longs()).containsExactly(0x3f800000, 0xc0000000);
        Node signed = node("BitCast", 1).with("to", new Attribute.Whole(ElementType.INT4.code()));
        Array codes = bytes(ElementType.UINT4, 3, 0xf7, 0x8);
        assertThat(Numbers.of(OneNode.run(signed, 26, codes))).containsExactly(7, -1, -8);
    }

    @Test
    void elementsAreMovedWhereverBytesAre() {
        Array x = bytes(ElementType.INT4, 6, 0x21, 0x43, 0x65).reshape(2, 3);
        assertThat(Numbers.of(OneNode.run("Transpose", OPSET, x))).containsExactly(1, 4, 2, 5, 3, 6);
        Array to = Array.of(new long[] {3, -1}, 2);
        assertThat(OneNode.run("Reshape", OPSET, x, to).shape()).containsExactly(3, 2);
        Array pads = Array.of(new long[] {0, 1, 0, 0}, 4);
        assertThat(Numbers.of(OneNode.run("Pad", OPSET, x, pads))).containsExactly(0, 1, 2, 3, 0, 4, 5, 6);
    }

    @Test
    void blocksHaveScalesOfTheirOwn() {
        Array x = floats(1, 2, 3, 4, 5).reshape(1, 5);
        Array scales = floats(1, 0.5f, 2).reshape(1, 3);
        Node blocks = node("QuantizeLinear", 2)
                .with("block_size", new Attribute.Whole(2))
                .with("output_dtype", new Attribute.Whole(ElementType.INT4.code()));
        Array whole = OneNode.run(blocks, OPSET, x, scales);
        assertThat(Numbers.of(whole)).containsExactly(1, 2, 6, 7, 2);
        Node back = node("DequantizeLinear", 2).with("block_size", new Attribute.Whole(2));
        assertThat(OneNode.run(back, OPSET, whole, scales).floats()).containsExactly(1, 2, 3, 3.5f, 4);
        assertThat(List.of(whole.shape().length, whole.bytes().remaining())).containsExactly(2, 3);
    }
}
