package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void quantilesAreNumPys() {
        double[] sorted = {1, 2, 4, 8};

        // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
        assertThat(Bootstrap.quantile(sorted, 0)).isEqualTo(1, within(ROUNDING));
        assertThat(Bootstrap.quantile(sorted, 0.1)).isEqualTo(1.3, within(ROUNDING));
        assertThat(Bootstrap.quantile(sorted, 0.5)).isEqualTo(3, within(ROUNDING));
        assertThat(Bootstrap.quantile(sorted, 0.9)).isEqualTo(6.8, within(ROUNDING));
        assertThat(Bootstrap.quantile(sorted, 1)).isEqualTo(8, within(ROUNDING));
    }

    /** An interval with the wrong quantiles, or of half the rows, would hold the truth far less or more often. */
    @Test
    void nineteenOfTwentyIntervalsHoldTheTruth() {
        var random = new Random(42);
        double truth = 0.8;
        int trials = 400;

        long held = IntStream.range(0, trials)
                .filter(trial -> {
                    int[] rows = random.doubles(200)
                            .mapToInt(draw -> draw < truth ? 1 : 0)
                            .toArray();
                    Estimate estimate = Bootstrap.mean(rows, trial);
                    return estimate.low() <= truth && truth <= estimate.high();
                })
                .count();

        // Three standard deviations of 400 draws at 0.95 are 0.033.
        assertThat((double) held / trials).isEqualTo(0.95, within(0.033));
    }

    @Test
    void theIntervalIsWidenedToHoldTheValue() {
        assertThat(Bootstrap.estimate(1, new double[] {2, 3, 4})).satisfies(estimate -> {
            assertThat(estimate.low()).isEqualTo(1);
            assertThat(estimate.high()).isGreaterThan(3);
        });
    }

    @Test
    void anEstimateLiesInItsInterval() {
        assertThatThrownBy(() -> new Estimate(0.5, 0.6, 0.7)).hasMessageContaining("lies outside its interval");
        assertThatThrownBy(() -> new Estimate(Double.NaN, 0, 1)).hasMessageContaining("lies outside its interval");
    }

    /** These numbers may never change: recorded scores would no longer be repeated. */
    @Test
    void drawsAreTheSameOnEveryMachine() {
        var draws = new Draws(42, 1000);

        assertThat(IntStream.generate(draws::next).limit(6)).containsExactly(741, 159, 278, 344, 38, 868);
    }

    @Test
    void drawsCoverAllRowsEvenly() {
        int rows = 7;
        int[] counts = new int[rows];
        var draws = new Draws(42, rows);

        for (int i = 0; i < 70_000; i++) {
            counts[draws.next()]++;
        }

        // Five standard deviations of a count are 463.
        assertThat(IntStream.of(counts)).allMatch(count -> 9_500 < count && count < 10_500);
    }
}
