package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void theNthSeedIsTheNthNumberOfSplitMix64() {
        for (long seed : new long[] {0, 42, -1, Long.MAX_VALUE}) {
            SplittableRandom reference = new SplittableRandom(seed);
            for (int n = 0; n < 10; n++) {
                assertThat(Seeds.mix(seed, n)).isEqualTo(reference.nextLong());
            }
        }
    }

    @Test
    void neighbouringStepsAndBatchesShareNoSeed() {
        Set<Long> seen = new HashSet<>();
        for (int step = 0; step < 1_000; step++) {
            for (int batch = 0; batch < 8; batch++) {
                assertThat(seen.add(Seeds.mix(Seeds.mix(42, step), batch))).isTrue();
            }
        }
    }
}
