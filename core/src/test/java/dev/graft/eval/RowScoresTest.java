package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowScoresTest {
    private static final double ROUNDING = 1e-12;

    private static RowScores right(int rows, int right) {
        double[] scores = new double[rows];
        Arrays.fill(scores, 0, right, 1);
        return new RowScores(IntStream.range(0, rows).toArray(), scores);
    }

    @Test
    void aRightAnswerScoresOne() {
        var said = new Predictions(
                List.of("a", "b"), new int[] {0, 1, 1}, new float[][] {{0.9f, 0.1f}, {0.8f, 0.2f}, {0.3f, 0.7f}});
        RowScores scores = RowScores.of(new int[] {4, 2, 9}, said);
        assertThat(scores.scores()).containsExactly(1, 0, 1);
        assertThat(scores.mean()).isCloseTo(2.0 / 3, within(ROUNDING));
    }

    /** 100 of 200 rows change from wrong to right: a gain of 0.5 with a standard error of 0.5 / sqrt(200). */
    @Test
    void aGainHasTheIntervalOfItsRows() {
        Estimate gain = right(200, 150).gainOver(right(200, 50), 1);
        assertThat(gain.value()).isCloseTo(0.5, within(ROUNDING));
        double error = 0.5 / Math.sqrt(200);
        assertThat(gain.low()).isCloseTo(0.5 - 1.96 * error, within(0.02));
        assertThat(gain.high()).isCloseTo(0.5 + 1.96 * error, within(0.02));
    }

    /** A measure of its own, such as a negative distance, is compared as rights and wrongs are. */
    @Test
    void scoresOfAnyMeasureAreCompared() {
        var near = new RowScores(new int[] {1, 2, 3}, new double[] {-0.5, -0.25, 0});
        var far = new RowScores(new int[] {1, 2, 3}, new double[] {-1.5, -1.25, -1});
        assertThat(near.gainOver(far, 1)).isEqualTo(new Estimate(1, 1, 1));
    }

    @Test
    void partsAreJoined() {
        var one = new RowScores(new int[] {5}, new double[] {1});
        var other = new RowScores(new int[] {7, 6}, new double[] {0, 1});
        assertThat(RowScores.joined(List.of(one, other)))
                .isEqualTo(new RowScores(new int[] {5, 7, 6}, new double[] {1, 0, 1}))
                .hasToString("3 rows, mean score " + 2.0 / 3);
    }

    @Test
    void otherRowsAreNotCompared() {
        var one = new RowScores(new int[] {5}, new double[] {1});
        var other = new RowScores(new int[] {6}, new double[] {1});
        assertThatThrownBy(() -> one.gainOver(other, 1)).hasMessageContaining("not about the same rows");
        assertThatThrownBy(() -> new RowScores(new int[0], new double[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
