package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
    private static final int COUNT = 1_000_000;

    /** Five standard deviations of a mean of {@link #COUNT} draws that are 0 or 1. */
    private static final double FIVE_SIGMA = 5 * 0.5 / Math.sqrt(COUNT);

    @BeforeAll
    static void load() {
        Natives.load(TorchSettings.defaults());
    }

    private static float[] floats(Tensor tensor) {
        return Tensors.array(tensor).floats();
    }

    private static double correlation(float[] a, float[] b, int lag) {
        double sum = 0;
        for (int i = lag; i < a.length; i++) {
            sum += (a[i] - 0.5) * (b[i - lag] - 0.5);
        }
        return 12 * sum / (a.length - lag);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.5, 0.9})
    void theShareOfZerosIsTheRateAndTheMeanIsKept(double rate) {
        float[] factors = floats(new RandomStream(1, 2).dropoutFactors(rate, COUNT));
        int zeros = 0;
        for (float factor : factors) {
            if (factor == 0) {
                zeros++;
            } else {
                assertThat(factor).isEqualTo((float) (1 / (1 - rate)));
            }
        }
        assertThat((double) zeros / COUNT).isCloseTo(rate, within(FIVE_SIGMA));
    }

    @Test
    void theSameSeedAndStreamGiveTheSameNumbersWhateverTheShape() {
        float[] flat = floats(new RandomStream(7, 3).uniform(20_000));
        float[] square = floats(new RandomStream(7, 3).uniform(100, 200));
        float[] shorter = floats(new RandomStream(7, 3).uniform(10));
        assertThat(square).containsExactly(flat);
        assertThat(shorter).containsExactly(java.util.Arrays.copyOf(flat, 10));
    }

    @Test
    void numbersAreUniform() {
        float[] numbers = floats(new RandomStream(42, 0).uniform(COUNT));
        double mean = 0;
        double square = 0;
        for (float number : numbers) {
            assertThat(number).isBetween(0f, 0.99999997f);
            mean += number / COUNT;
            square += number * (double) number / COUNT;
        }
        assertThat(mean).isCloseTo(0.5, within(FIVE_SIGMA));
        assertThat(square).isCloseTo(1.0 / 3, within(FIVE_SIGMA));
    }

    /** A weak mixer shows here first: neighbours, neighbouring seeds and neighbouring streams must know nothing of one another. */
    @Test
    void neighboursAreUncorrelated() {
        float[] numbers = floats(new RandomStream(42, 0).uniform(COUNT));
        double bound = 5 / Math.sqrt(COUNT);
        for (int lag : new int[] {1, 2, 64, 128, 8192}) {
            assertThat(correlation(numbers, numbers, lag)).as("lag %d", lag).isCloseTo(0, within(bound));
        }
        assertThat(correlation(numbers, floats(new RandomStream(43, 0).uniform(COUNT)), 0))
                .isCloseTo(0, within(bound));
        assertThat(correlation(numbers, floats(new RandomStream(42, 1).uniform(COUNT)), 0))
                .isCloseTo(0, within(bound));
    }
}
