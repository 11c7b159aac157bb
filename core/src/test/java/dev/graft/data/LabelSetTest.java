package dev.graft.data;

import static dev.graft.data.Samples.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSetTest {
    /** Expected: {@code LabelEncoder().fit(labels).classes_} of scikit-learn, and Python's {@code sorted}. */
    @Test
    void labelsAreSortedByCodePointLikeScikitLearns() {
        assertThat(LabelSet.of(labelled("b", "a", "B", "10", "2", "é", "z", "b", "", " a", "ab"))
                        .names())
                .containsExactly("", " a", "10", "2", "B", "a", "ab", "b", "z", "é");
    }

    @Test
    void charactersBeyondTheBasicPlaneComeLast() {
        assertThat(LabelSet.of(labelled("👋", "\uFF5E", "👌", "a")).names()).containsExactly("a", "\uFF5E", "👋", "👌");
        assertThat(LabelSet.of(labelled("a👋", "a\uFF5E")).names()).containsExactly("a\uFF5E", "a👋");
    }

    @Test
    void numbersFollowTheOrderOfNames() {
        LabelSet labels = new LabelSet(List.of("no", "yes"));
        assertThat(labels.size()).isEqualTo(2);
        assertThat(labels.numbers(labelled("yes", "no", "yes"))).containsExactly(1, 0, 1);
    }

    @Test
    void aLabelThatIsThereTwiceIsRefused() {
        assertThatThrownBy(() -> new LabelSet(List.of("a", "b", "a"))).hasMessageContaining("twice");
    }

    @Test
    void oneLabelIsNotEnough() {
        assertThatThrownBy(() -> LabelSet.of(labelled("a", "a")))
                .isInstanceOf(InputException.class)
                .hasMessage("made-up.csv has one label only, 'a'; a classifier needs two or more."
                        + " Is --label the right column?");
        assertThatThrownBy(() -> LabelSet.of(List.of())).hasMessageContaining("no label");
    }

    @Test
    void allUnknownLabelsAreReportedWithTheirLines() {
        LabelSet labels = new LabelSet(List.of("card_lost", "card_arrival"));
        assertThatThrownBy(() -> labels.numbers(labelled("card_lost", "card_arival", "unheard_of_thing")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("2 problems in made-up.csv")
                .hasMessageContaining(
                        "line 3: label 'card_arival' is not among the 2 that the model knows; did you mean 'card_arrival'?")
                .hasMessageContaining("line 4: label 'unheard_of_thing'");
    }

    @Test
    void labelsThatDifferOnlyByCaseOrBlanksAreNamed() {
        assertThat(LabelSet.warnings(labelled("Refund", "refund ", "refund", "re fund", "other", "refund", "other")))
                .anySatisfy(warning -> assertThat(warning)
                        .contains("differ only by case or blanks")
                        .contains("'Refund' (1 rows), 're fund' (1 rows), 'refund' (2 rows), 'refund ' (1 rows)")
                        .doesNotContain("other"));
    }

    @Test
    void labelsOfASingleRowAreNamed() {
        assertThat(LabelSet.warnings(labelled("a", "a", "b", "c", "c")))
                .containsExactly("1 label has a single row, which is kept for training, so nothing tests it: 'b'");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add("label number " + (char) ('a' + i));
        }
        assertThat(LabelSet.warnings(labelled(many.toArray(String[]::new))))
                .singleElement()
                .asString()
                .startsWith("25 labels have")
                .endsWith(" and 5 more");
    }

    @Test
    void imbalanceIsNothingToWarnOf() {
        List<Example> examples =
                new ArrayList<>(Collections.nCopies(100_000, new Example("text", "common", Path.of("f"), 2)));
        examples.addAll(labelled("rare", "rare"));
        assertThat(LabelSet.of(examples).names()).containsExactly("common", "rare");
        assertThat(LabelSet.warnings(examples)).isEmpty();
    }
}
