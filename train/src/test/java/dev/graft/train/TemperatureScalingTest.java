package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureScalingTest {
    private static final double TOLERANCE = 1e-6;

    private static float[][] times(float[][] logits, double factor) {
        return Arrays.stream(logits)
                .map(row -> {
                    float[] scaled = row.clone();
                    for (int i = 0; i < row.length; i++) {
                        scaled[i] *= (float) factor;
                    }
                    return scaled;
                })
                .toArray(float[][]::new);
    }

    /** Three of four rows are right, so a chance of ¾ is the best that two logits can say: the entropy of that remains. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.5, 1, 3, 20})
    void howSureTheLogitsAreDoesNotCount(double factor) {
        float[][] logits = times(new float[][] {{1, 0}, {1, 0}, {0, 1}, {0, 1}}, factor);
        double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
        assertThat(TemperatureScaling.loss(logits, new int[] {0, 0, 1, 0})).isCloseTo(entropy, within(TOLERANCE));
    }

    @Test
    void logitsThatSayNothingAreWorthWhatGuessingIs() {
        float[][] logits = {{1, 0}, {1, 0}, {0, 1}, {0, 1}};
        assertThat(TemperatureScaling.loss(logits, new int[] {0, 1, 0, 1})).isCloseTo(Math.log(2), within(1e-4));
    }

    @Test
    void whereAllRowsAreRightNothingIsLost() {
        assertThat(TemperatureScaling.loss(new float[][] {{2, 0, 1}, {0, 3, 1}}, new int[] {0, 1}))
                .isLessThan(TOLERANCE);
    }

    @Test
    void theLargestLogitsDoNotOverflow() {
        float[][] logits = {{3e38f, -3e38f}, {3e38f, -3e38f}};
        assertThat(TemperatureScaling.loss(logits, new int[] {0, 1})).isFinite();
    }
}
