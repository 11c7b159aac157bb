package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    @Test
    void distanceCountsEdits() {
        assertThat(Suggestion.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
        assertThat(Suggestion.distance("Label", "label")).isZero();
    }

    @Test
    void theNearestNameIsSuggested() {
        assertThat(Suggestion.nearest("lable", List.of("text", "label", "level")))
                .contains("label");
        assertThat(Suggestion.text("catgory", List.of("category"))).isEqualTo("; did you mean 'category'?");
    }

    @Test
    void nothingIsSuggestedWhereNothingIsNear() {
        assertThat(Suggestion.nearest("sentence", List.of("id", "label"))).isEmpty();
        assertThat(Suggestion.text("sentence", List.of())).isEmpty();
    }

    @Test
    void absurdlyLongNamesTakeNoTime() {
        assertThat(Suggestion.nearest("x".repeat(1_000_000), List.of("y".repeat(1_000_000))))
                .isNotNull();
    }
}
