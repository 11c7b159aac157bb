package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final double ROUNDING = 1e-9;

    @Test
    void aBinHoldsItsUpperEdgeAndNotItsLower() {
        assertThat(Tally.bin(0)).isZero();
        assertThat(Tally.bin(1e-9)).isZero();
        assertThat(Tally.bin(1 / 15.0)).isZero();
        assertThat(Tally.bin(1 / 15.0 + 1e-9)).isEqualTo(1);
        assertThat(Tally.bin(0.5)).isEqualTo(7);
        assertThat(Tally.bin(1)).isEqualTo(14);
    }

    @Test
    void aCertainMistakeHasAFiniteLoss() {
        Tally tally = tally(new int[] {0}, new float[][] {{0, 1}});

        tally.add(0);

        assertThat(tally.logLoss()).isEqualTo(-Math.log(Math.ulp(1f)), within(ROUNDING));
    }

    @Test
    void aRowCanCountTwice() {
        Tally tally = tally(new int[] {0, 1}, new float[][] {{1, 0}, {1, 0}});

        tally.add(0);
        tally.add(0);
        tally.add(1);

        assertThat(tally.accuracy()).isEqualTo(2 / 3.0, within(ROUNDING));
        assertThat(tally.support).containsExactly(2, 1);
        assertThat(tally.answers).containsExactly(3, 0);
    }

    @Test
    void clearingForgetsEverything() {
        Tally tally = tally(new int[] {0, 1}, new float[][] {{0.5f, 0.5f}, {0.75f, 0.25f}});
        tally.add(1);

        tally.clear();
        tally.add(0);

        assertThat(tally.accuracy()).isEqualTo(1);
        assertThat(tally.logLoss()).isEqualTo(Math.log(2), within(ROUNDING));
        assertThat(tally.calibrationError()).isEqualTo(0.5, within(ROUNDING));
        assertThat(tally.binRows[7]).isEqualTo(1);
    }

    @Test
    void aPerfectInversionHasTheCorrelationMinusOne() {
        Tally tally = tally(new int[] {0, 1}, new float[][] {{0, 1}, {1, 0}});

        tally.add(0);
        tally.add(1);

        assertThat(tally.mcc()).isEqualTo(-1, within(ROUNDING));
    }

    @Test
    void aClassNeitherExpectedNorPredictedDoesNotLowerMacroF1() {
        var predictions =
                new Predictions(List.of("a", "b", "c"), new int[] {0, 1}, new float[][] {{1, 0, 0}, {0, 1, 0}});
        var tally = new Tally(predictions);

        tally.add(0);
        tally.add(1);

        assertThat(tally.macroF1()).isEqualTo(1);
    }

    /** Squares of row counts pass the range of an int from 46,341 rows on. */
    @Test
    void manyRowsDoNotOverflowTheCorrelation() {
        Tally tally = tally(new int[] {0, 1}, new float[][] {{1, 0}, {0, 1}});

        for (int i = 0; i < 200_000; i++) {
            tally.add(i % 2);
        }

        assertThat(tally.mcc()).isEqualTo(1, within(ROUNDING));
    }

    private static Tally tally(int[] expected, float[][] probabilities) {
        return new Tally(new Predictions(List.of("a", "b"), expected, probabilities));
    }
}
