package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
    private static final List<String> LABELS = List.of("no", "yes");

    @Test
    void theFirstOfEquallyProbableClassesIsPredicted() {
        var predictions = new Predictions(LABELS, new int[] {0, 1}, new float[][] {{0.5f, 0.5f}, {0.3f, 0.7f}});

        assertThat(predictions.predicted()).containsExactly(0, 1);
        assertThat(predictions.confidence(1)).isEqualTo(0.7f);
    }

    @Test
    void refusesWhatIsNoDistribution() {
        refuses("add up to 1.5", 0, 0.5f, 1f);
        refuses("the probability NaN", 0, Float.NaN, 1f);
        refuses("the probability -0.5", 0, -0.5f, 1.5f);
        refuses("3 probabilities for 2 classes", 0, 0.5f, 0.5f, 0f);
    }

    @Test
    void refusesClassesThatDoNotExist() {
        refuses("expects class 2 of 2", 2, 0.5f, 0.5f);
        refuses("expects class -1 of 2", -1, 0.5f, 0.5f);
    }

    @Test
    void refusesRowsThatDoNotMatch() {
        assertThatThrownBy(() -> new Predictions(LABELS, new int[] {0, 1}, new float[][] {{1, 0}}))
                .hasMessageContaining("2 expected classes for 1 rows");
        assertThatThrownBy(() -> new Predictions(LABELS, new int[0], new float[0][]))
                .hasMessageContaining("no rows to score");
    }

    private static void refuses(String message, int expected, float... probabilities) {
        assertThatThrownBy(() -> new Predictions(LABELS, new int[] {expected}, new float[][] {probabilities}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
