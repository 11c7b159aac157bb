package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
    private static final int COUNT = 1_000_000;

    /** Five standard deviations of a mean of {@link #COUNT} draws that are 0 or 1. */
    private static final double FIVE_SIGMA = 5 * 0.5 / Math.sqrt(COUNT);

    /** Five standard deviations of a correlation of numbers that are 0 or 1, of which each product is a quarter. */
    private static final double LAGGED = 12 * 5 * 0.25 / Math.sqrt(COUNT);

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
        assertThat(zeros(factors, (float) (1 / (1 - rate)))).isCloseTo(rate, within(FIVE_SIGMA));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 8190, 8192, 16384, 30000})
    void aPartIsWhatStandsThereInTheWhole(long from) {
        var stream = new RandomStream(1, 2);
        for (ScalarType type : List.of(ScalarType.Float, ScalarType.BFloat16)) {
            boolean narrow = type == ScalarType.BFloat16;
            Tensor whole = narrow ? stream.narrowDropoutFactors(0.3, 60_001) : stream.dropoutFactors(0.3, 60_001);
            Tensor part = Tensors.empty(type, 30_001);
            new Dropping(stream, 0.3).fill(part, from);
            assertThat(part.equal(whole.narrow(0, from, 30_001))).as("%s", type).isTrue();
        }
    }

    /** Rounded to eight bits, the factor alone would shift the mean of what passes by up to 0.4 %. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 0.9})
    void inBfloat16TheRateFollowsTheRoundedFactor(double rate) {
        Tensor narrow = new RandomStream(1, 2).narrowDropoutFactors(rate, COUNT);
        float[] factors = floats(narrow.to(ScalarType.Float));
        float factor = floats(Tensors.of(Array.scalar((float) (1 / (1 - rate))))
                .to(ScalarType.BFloat16)
                .to(ScalarType.Float))[0];
        double zeros = zeros(factors, factor);
        assertThat((1 - zeros) * factor).isCloseTo(1, within(FIVE_SIGMA * factor));
        assertThat(zeros).isCloseTo(rate, within(0.004 + FIVE_SIGMA));
    }

    /** The share of zeros among numbers that are zero or a factor. */
    private static double zeros(float[] factors, float factor) {
        int zeros = 0;
        for (float each : factors) {
            assertThat(each).isIn(0f, factor);
            zeros += each == 0 ? 1 : 0;
        }
        return (double) zeros / factors.length;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8192, 20_001})
    void factorsOfFewerElementsAreTheFirstOfMore(int count) {
        var stream = new RandomStream(7, 3);
        assertThat(floats(stream.dropoutFactors(0.5, count)))
                .containsExactly(Arrays.copyOf(floats(stream.dropoutFactors(0.5, 40_000)), count));
        assertThat(floats(stream.narrowDropoutFactors(0.5, count).to(ScalarType.Float)))
                .containsExactly(Arrays.copyOf(
                        floats(stream.narrowDropoutFactors(0.5, 40_000).to(ScalarType.Float)), count));
    }

    /** One draw decides on two elements: neighbours in bfloat16, 8192 apart in float32. */
    @Test
    void elementsOfOneDrawAreUncorrelated() {
        var stream = new RandomStream(42, 0);
        for (Tensor factors : List.of(
                stream.dropoutFactors(0.5, COUNT),
                stream.narrowDropoutFactors(0.5, COUNT).to(ScalarType.Float))) {
            float[] halves = floats(factors.mul(new Scalar(0.5)));
            for (int lag : new int[] {1, 2, 128, 8192}) {
                assertThat(correlation(halves, halves, lag)).as("lag %d", lag).isCloseTo(0, within(LAGGED));
            }
        }
    }

    @Test
    void theSameSeedAndStreamGiveTheSameNumbersWhateverTheShape() {
        float[] flat = floats(new RandomStream(7, 3).uniform(20_000));
        float[] square = floats(new RandomStream(7, 3).uniform(100, 200));
        float[] shorter = floats(new RandomStream(7, 3).uniform(10));
        assertThat(square).containsExactly(flat);
        assertThat(shorter).containsExactly(Arrays.copyOf(flat, 10));
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
