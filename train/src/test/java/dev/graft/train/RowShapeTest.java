package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.Array;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowShapeTest {
    private static final RowShape VECTOR = new RowShape("v", List.of(3L));
    private static final RowShape TOKENS = new RowShape("t", List.of(RowShape.LENGTH, 2L));
    private static final RowShape SCORES = new RowShape("s", List.of(2L, RowShape.LENGTH, RowShape.LENGTH));

    private static Array zeros(long... shape) {
        int elements = 1;
        for (long size : shape) {
            elements *= (int) size;
        }
        return Array.of(new float[elements], shape);
    }

    private static FloatBuffer counted(int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i + 1;
        }
        return FloatBuffer.wrap(values);
    }

    @Test
    void whatVariesWithTheLengthIsTold() {
        assertThat(RowShape.of("v", zeros(1, 3), 4, zeros(2, 3), 7)).contains(VECTOR);
        assertThat(RowShape.of("t", zeros(1, 4, 2), 4, zeros(2, 7, 2), 7)).contains(TOKENS);
        assertThat(RowShape.of("s", zeros(1, 2, 4, 4), 4, zeros(2, 2, 7, 7), 7)).contains(SCORES);
    }

    @Test
    void aRowBeginsWhereTheOneBeforeItEnds() {
        assertThat(VECTOR.places(new int[] {9, 4, 1})).containsExactly(0, 3, 6);
        assertThat(TOKENS.places(new int[] {3, 2, 5})).containsExactly(0, 6, 10);
        assertThat(TOKENS.places(new int[0])).isEmpty();
    }

    @Test
    void whatIsNotOneArrayARowIsRefused() {
        assertThat(RowShape.of("v", zeros(1, 3), 4, zeros(1, 3), 7)).isEmpty();
        assertThat(RowShape.of("v", zeros(3), 4, zeros(3), 7)).isEmpty();
        assertThat(RowShape.of("v", zeros(1, 5), 4, zeros(2, 8), 7)).isEmpty();
        assertThat(RowShape.of("v", Array.of(new long[] {1, 2}, 1, 2), 4, Array.of(new long[4], 2, 2), 7))
                .isEmpty();
    }

    @Test
    void elementsAndBatchesFollowTheLength() {
        assertThat(VECTOR.elements(9)).isEqualTo(3);
        assertThat(TOKENS.elements(9)).isEqualTo(18);
        assertThat(SCORES.elements(3)).isEqualTo(18);
        assertThat(SCORES.batch(5, 3)).containsExactly(5, 2, 3, 3);
        assertThat(VECTOR.varies()).isFalse();
        assertThat(TOKENS.varies()).isTrue();
    }

    @Test
    void aRowIsTakenOutOfItsPaddingAndPutBack() {
        FloatBuffer padded = counted(18);
        FloatBuffer kept = FloatBuffer.allocate(8);
        SCORES.copy(padded, 0, 3, kept, 0, 2);
        assertThat(kept.array()).containsExactly(1, 2, 4, 5, 10, 11, 13, 14);
        FloatBuffer back = FloatBuffer.allocate(18);
        SCORES.copy(kept, 0, 2, back, 0, 3);
        assertThat(back.array()).containsExactly(1, 2, 0, 4, 5, 0, 0, 0, 0, 10, 11, 0, 13, 14, 0, 0, 0, 0);
    }

    @Test
    void tokensAndVectorsAreCopiedInOnePiece() {
        FloatBuffer kept = FloatBuffer.allocate(4);
        TOKENS.copy(counted(10), 2, 4, kept, 0, 2);
        assertThat(kept.array()).containsExactly(3, 4, 5, 6);
        FloatBuffer vector = FloatBuffer.allocate(4);
        VECTOR.copy(counted(6), 3, 2, vector, 1, 8);
        assertThat(vector.array()).containsExactly(0, 4, 5, 6);
    }
}
