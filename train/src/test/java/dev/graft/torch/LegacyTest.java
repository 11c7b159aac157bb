package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Attribute;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the changelog of ONNX says that operators meant in operator sets 1 to 6, which no other runtime keeps. */
class LegacyTest {
    private static Array floats(float... values) {
        return Array.of(values, values.length);
    }

    private static Array counting(long... shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return Array.of(values, shape);
    }

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Attribute wholes(Long... values) {
        return new Attribute.Wholes(List.of(values));
    }

    @Test
    void theSecondOperandStandsAtAnAxis() {
        Node add = node("Add", 2).with("broadcast", whole(1)).with("axis", whole(0));
        assertThat(OneNode.run(add, 6, counting(2, 3), floats(10, 20)).floats())
                .containsExactly(10, 11, 12, 23, 24, 25);
        Node less = node("Less", 2).with("broadcast", whole(1)).with("axis", whole(0));
        assertThat(OneNode.run(less, 1, counting(2, 2), floats(1, 3)).longs()).containsExactly(1, 0, 1, 0);
        Node last = node("Mul", 2).with("broadcast", whole(1));
        assertThat(OneNode.run(last, 6, counting(2, 2), floats(2, 3)).floats()).containsExactly(0, 3, 4, 9);
        Node outside = add.with("axis", whole(1));
        assertThatThrownBy(() -> OneNode.run(outside, 6, counting(2, 3), counting(3, 1)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("from axis 1");
    }

    @Test
    void shapesAndNamesAreAttributes() {
        Node reshape = node("Reshape", 1).with("shape", wholes(0L, -1L));
        assertThat(OneNode.run(reshape, 1, counting(2, 3, 2)).shape()).containsExactly(2, 6);
        Node cast = node("Cast", 1).with("to", new Attribute.Text("INT32"));
        assertThat(OneNode.run(cast, 1, floats(1, 2)).type()).isEqualTo(ElementType.INT32);
        Node unknown = node("Cast", 1).with("to", new Attribute.Text("NUMBER"));
        assertThatThrownBy(() -> OneNode.run(unknown, 1, floats(1))).hasMessageContaining("unknown element type");
        Node pad = node("Pad", 1).with("paddings", wholes(1L, 0L)).with("value", new Attribute.Real(7));
        assertThat(OneNode.run(pad, 1, floats(1, 2)).floats()).containsExactly(7, 1, 2);
        Node split = node("Split", 1).with("split", wholes(1L, 2L)).defining(List.of("", "y"));
        assertThat(OneNode.run(split, 1, floats(1, 2, 3)).floats()).containsExactly(2, 3);
    }

    @Test
    void tilesAreANumberAlongAnAxis() {
        assertThat(OneNode.run("Tile", 1, counting(1, 2), floats(2), floats(1)).floats())
                .containsExactly(0, 1, 0, 1);
    }

    @Test
    void slopesAreOneAChannel() {
        Array x = Array.of(new float[] {-1, -2, -3, -4}, 1, 2, 2);
        assertThat(OneNode.run("PRelu", 6, x, floats(10, 100)).floats()).containsExactly(-10, -20, -300, -400);
    }

    @Test
    void theMaskOfDropoutIsOfNumbers() {
        Node dropout = node("Dropout", 1).defining(List.of("x", "y"));
        assertThat(OneNode.run(dropout, 7, floats(1, 2))).isEqualTo(floats(1, 1));
        assertThat(OneNode.run(dropout, 10, floats(1, 2)).type()).isEqualTo(ElementType.BOOL);
    }

    @Test
    void whatIsNotReducedIsStillSquared() {
        Node square = node("ReduceSumSquare", 1).with("noop_with_empty_axes", whole(1));
        assertThat(OneNode.run(square, 18, floats(2, -3)).floats()).containsExactly(4, 9);
        Node norm = node("ReduceL2", 1).with("noop_with_empty_axes", whole(1));
        assertThat(OneNode.run(norm, 18, floats(2, -3)).floats()).containsExactly(2, 3);
    }
}
