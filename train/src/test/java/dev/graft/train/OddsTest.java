package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.Estimate;
import org.junit.jupiter.api.Test;

class OddsTest {
    private static final int MANY = 1_000_000;
    private static final Estimate NONE = new Estimate(0, 0, 0);

    private static Estimate gain(double points, double error) {
        return new Estimate(points / 100, (points - 1.96 * error) / 100, (points + 1.96 * error) / 100);
    }

    /** A normal distribution lies above 0 by two thirds at 0.43 standard errors, by four fifths at 0.84. */
    @Test
    void aGainIsProbableByItsStandardErrors() {
        assertThat(Odds.probable(gain(0.42, 1))).isFalse();
        assertThat(Odds.probable(gain(0.44, 1))).isTrue();
        assertThat(Odds.foreseen(gain(0.83, 1))).isFalse();
        assertThat(Odds.foreseen(gain(0.85, 1))).isTrue();
        assertThat(Odds.probable(gain(-2, 1))).isFalse();
        assertThat(Odds.probable(NONE)).isFalse();
    }

    /** Two points, give or take three, are expected, so with an error of e it takes 2/9 e squared to outweigh them. */
    @Test
    void moreRowsOutweighWhatWasExpectedSooner() {
        assertThat(Odds.outweigh(NONE, gain(-0.21, 1), MANY)).isFalse();
        assertThat(Odds.outweigh(NONE, gain(-0.23, 1), MANY)).isTrue();
        assertThat(Odds.outweigh(NONE, gain(-22, 10), MANY)).isFalse();
        assertThat(Odds.outweigh(NONE, gain(-23, 10), MANY)).isTrue();
        assertThat(Odds.outweigh(NONE, gain(0.1, 0.1), MANY)).isFalse();
    }

    @Test
    void errorsOfBothGainsCount() {
        assertThat(Odds.outweigh(gain(1.3, 2), gain(1, 1), MANY)).isFalse();
        assertThat(Odds.outweigh(gain(2.3, 2), gain(1, 1), MANY)).isTrue();
        assertThat(Odds.outweigh(gain(1.3, 1), gain(1, 0), MANY)).isTrue();
        assertThat(Odds.outweigh(NONE, NONE, MANY)).isFalse();
    }

    /** One of 20 rows that disagrees seems to have an error of under four points; it has more. */
    @Test
    void aRowOfTwentyIsNoEvidence() {
        assertThat(Odds.outweigh(NONE, gain(-5, 3.8), MANY)).isTrue();
        assertThat(Odds.outweigh(NONE, gain(-5, 3.8), 20)).isFalse();
        assertThat(Odds.outweigh(NONE, gain(-40, 10), 20)).isTrue();
    }
}
