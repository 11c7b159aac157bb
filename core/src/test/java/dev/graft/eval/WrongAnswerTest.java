package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrongAnswerTest {
    private final Predictions predictions =
            new Predictions(List.of("no", "yes"), new int[] {0, 0, 1, 1}, new float[][] {
                {0.25f, 0.75f}, {1, 0}, {0.875f, 0.125f}, {0, 1}
            });
    private final List<String> texts = List.of("a", "b", "c", "d");

    @Test
    void theMostConfidentWrongAnswersComeFirst() {
        assertThat(WrongAnswer.worst(predictions, texts, 10))
                .containsExactly(
                        new WrongAnswer(2, "c", "yes", "no", 0.875), new WrongAnswer(0, "a", "no", "yes", 0.75));
    }

    @Test
    void theLimitKeepsTheWorst() {
        assertThat(WrongAnswer.worst(predictions, texts, 1))
                .extracting(WrongAnswer::text)
                .containsExactly("c");
    }

    @Test
    void refusesTextsThatDoNotMatch() {
        assertThatThrownBy(() -> WrongAnswer.worst(predictions, List.of("a"), 1))
                .hasMessageContaining("1 texts for 4 predictions");
    }
}
