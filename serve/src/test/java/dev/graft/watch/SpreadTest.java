package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final double BUCKET = 1.0 / 8;

    @Test
    void quantilesAreThoseOfTheDurationsUpToABucket() {
        var random = new Random(20261121);
        long[] nanos = random.longs(10_000, 0, 1)
                .map(ignored -> (long) (Math.exp(random.nextGaussian() * 1.5) * 20e6))
                .toArray();
        var spread = new Spread();
        Arrays.stream(nanos).forEach(spread::record);
        Arrays.sort(nanos);
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99}) {
            double exact = nanos[(int) (share * nanos.length)] * 1e-9;
            assertThat(spread.quantile(share)).isCloseTo(exact, within(exact * BUCKET));
        }
        assertThat(spread.count()).isEqualTo(nanos.length);
    }

    @Test
    void ofNothingThereIsNoQuantile() {
        assertThat(new Spread().quantile(0.5)).isNaN();
    }

    @Test
    void durationsBeyondTheEndsFallIntoTheLastBuckets() {
        var spread = new Spread();
        spread.record(-5);
        spread.record(Long.MAX_VALUE);
        assertThat(spread.count()).isEqualTo(2);
        assertThat(spread.quantile(0)).isZero();
        assertThat(spread.quantile(1)).isBetween(60.0, 140.0);
    }

    @Test
    void twoSpreadsTogetherAreTheSpreadOfBoth() {
        var one = new Spread();
        var other = new Spread();
        var both = new Spread();
        for (int i = 1; i <= 100; i++) {
            (i % 2 == 0 ? one : other).record(i * 1_000_000L);
            both.record(i * 1_000_000L);
        }
        one.add(other);
        assertThat(one.quantile(0.9)).isEqualTo(both.quantile(0.9));
        assertThat(one.count()).isEqualTo(100);
    }
}
