package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static dev.graft.torch.OneNode.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the specification, and what it says of edges. */
class SelectionTest {
    private static final Array X = Array.of(new float[] {2, 1, 1, 3, 4, 3}, 6);

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Node unique(int output) {
        List<String> names = List.of(
                output == 0 ? "y" : "first",
                output == 1 ? "y" : "indices",
                output == 2 ? "y" : "inverse",
                output == 3 ? "y" : "counts");
        return node("Unique", 1).defining(names);
    }

    @Test
    void differentElementsComeSortedOrInTheOrderOfTheirFirst() {
        assertThat(run(unique(0), 11, X).floats()).containsExactly(1, 2, 3, 4);
        assertThat(run(unique(1), 11, X).longs()).containsExactly(1, 0, 3, 4);
        assertThat(run(unique(2), 11, X).longs()).containsExactly(1, 0, 0, 2, 3, 2);
        assertThat(run(unique(3), 11, X).longs()).containsExactly(2, 1, 2, 1);
        assertThat(run(unique(0).with("sorted", whole(0)), 11, X).floats()).containsExactly(2, 1, 3, 4);
        assertThat(run(unique(1).with("sorted", whole(0)), 11, X).longs()).containsExactly(0, 1, 3, 4);
        assertThat(run(unique(2).with("sorted", whole(0)), 11, X).longs()).containsExactly(0, 1, 1, 2, 3, 2);
        assertThat(run(unique(3).with("sorted", whole(0)), 11, X).longs()).containsExactly(1, 2, 2, 1);
    }

    @Test
    void differentSlicesStandAlongAnAxis() {
        Array rows = Array.of(new float[] {1, 0, 0, 1, 0, 0, 2, 3, 4}, 3, 3);
        Node along = unique(0).with("axis", whole(0));
        assertThat(run(along, 11, rows)).isEqualTo(Array.of(new float[] {1, 0, 0, 2, 3, 4}, 2, 3));
        assertThat(run(unique(1).with("axis", whole(-2)), 11, rows).longs()).containsExactly(0, 2);
        assertThat(run(unique(2).with("axis", whole(0)), 11, rows).longs()).containsExactly(0, 0, 1);
        assertThat(run(unique(3).with("axis", whole(0)), 11, rows).longs()).containsExactly(2, 1);
    }

    @Test
    void nothingHasNoDifferentElements() {
        Array empty = Array.of(new float[0], 0, 3);
        assertThat(run(unique(0), 11, empty).shape()).containsExactly(0);
        assertThat(run(unique(2), 11, empty).shape()).containsExactly(0);
        assertThat(run(unique(0).with("axis", whole(0)), 11, empty).shape()).containsExactly(0, 3);
        Array narrow = Array.of(new float[0], 3, 0);
        assertThat(run(unique(0).with("axis", whole(0)), 11, narrow).shape()).containsExactly(1, 0);
        assertThat(run(unique(3).with("axis", whole(0)), 11, narrow).longs()).containsExactly(3);
    }

    @Test
    void otherTypesKeepTheirs() {
        ByteBuffer bytes = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 60000)
                .putShort((short) 1)
                .putShort((short) 60000)
                .flip();
        Array shorts = Array.of(ElementType.UINT16, new long[] {3}, bytes);
        assertThat(Numbers.of(run(unique(0), 11, shorts))).containsExactly(1, 60000);
        assertThat(run(unique(0), 11, Array.of(new boolean[] {true, false, true}, 3))
                        .longs())
                .containsExactly(0, 1);
        assertThat(run(unique(0), 11, Array.scalar(3L)).shape()).containsExactly(1);
    }

    @Test
    void whatTheConditionDoesNotReachIsLeftOut() {
        Array x = Array.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Array two = Array.of(new boolean[] {false, true}, 2);
        assertThat(run(node("Compress", 2).with("axis", whole(0)), 11, x, two).floats())
                .containsExactly(3, 4);
        assertThat(run(node("Compress", 2).with("axis", whole(-1)), 11, x, two).floats())
                .containsExactly(2, 4, 6);
        assertThat(run("Compress", 11, x, two).floats()).containsExactly(2);
        Array none = Array.of(new boolean[] {false, false}, 2);
        assertThat(run(node("Compress", 2).with("axis", whole(0)), 11, x, none).shape())
                .containsExactly(0, 2);
    }

    /** A wide box, the same again, its left half, and one that only touches it. */
    private static final Array BOXES = Array.of(new float[] {0, 0, 1, 2, 1, 2, 0, 0, 0, 0, 1, 1, 0, 2, 1, 4}, 1, 4, 4);

    private static long[] kept(float overlap, Array... rest) {
        Array[] operands = new Array[4 + rest.length];
        operands[0] = BOXES;
        operands[1] = Array.of(new float[] {0.5f, 0.5f, 0.9f, 0.1f}, 1, 1, 4);
        operands[2] = Array.scalar(9L);
        operands[3] = Array.scalar(overlap);
        System.arraycopy(rest, 0, operands, 4, rest.length);
        Array found = run("NonMaxSuppression", 11, operands);
        long[] all = found.longs();
        long[] boxes = new long[(int) found.size(0)];
        for (int i = 0; i < boxes.length; i++) {
            assertThat(all[3 * i] + all[3 * i + 1]).isZero();
            boxes[i] = all[3 * i + 2];
        }
        return boxes;
    }

    @Test
    void theBestOfOverlappingBoxesRemain() {
        assertThat(kept(0.4f)).containsExactly(2, 3);
        assertThat(kept(0.5f)).as("an overlap of just the threshold is none").containsExactly(2, 0, 3);
        assertThat(kept(1f)).as("of equal scores the first comes first").containsExactly(2, 0, 1, 3);
        assertThat(kept(0f)).containsExactly(2, 3);
        assertThat(kept(1f, Array.scalar(0.1f))).as("above the score threshold").containsExactly(2, 0, 1);
    }

    @Test
    void noBoxIsKeptUnlessANumberIsGiven() {
        Array scores = Array.of(new float[] {1, 1, 1, 1}, 1, 1, 4);
        assertThat(run("NonMaxSuppression", 11, BOXES, scores).shape()).containsExactly(0, 3);
        Array one = run("NonMaxSuppression", 11, BOXES, scores, Array.scalar(1L));
        assertThat(one.shape()).containsExactly(1, 3);
    }

    @Test
    void boxesMayBeGivenByTheirCenter() {
        Node byCenter = node("NonMaxSuppression", 4).with("center_point_box", whole(1));
        Array boxes = Array.of(new float[] {1, 0.5f, 2, 1, 0.5f, 0.5f, 1, 1}, 1, 2, 4);
        Array scores = Array.of(new float[] {0.5f, 0.9f}, 1, 1, 2);
        Array kept = run(byCenter, 11, boxes, scores, Array.scalar(9L), Array.scalar(0.4f));
        assertThat(kept.longs()).containsExactly(0, 0, 1);
    }
}
