package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    @Test
    void trainingRowsThatRepeatAHeldOutOneAreRemoved() {
        List<Example> train = List.of(example("one", "a", 2), example("two", "a", 3), example("one", "a", 4));
        List<Example> test = List.of(example("one", "a", 9));
        Duplicates found = Duplicates.remove(train, test);
        assertThat(found.kept()).containsExactly(train.get(1));
        assertThat(found.removed())
                .containsExactly(
                        new Duplicates.Pair(train.get(0), test.get(0)), new Duplicates.Pair(train.get(2), test.get(0)));
        assertThat(found.warnings())
                .containsExactly("2 training rows repeat a held-out row and were removed from training:"
                        + " made-up.csv, line 2 ('a') repeats made-up.csv, line 9 ('a');"
                        + " made-up.csv, line 4 ('a') repeats made-up.csv, line 9 ('a')");
    }

    @Test
    void caseBlanksAndCompatibilityFormsDoNotCount() {
        assertThat(Duplicates.normal(" My  CARD\n is\u00a0lost\t")).isEqualTo("my card is lost");
        assertThat(Duplicates.normal("ﬁle Ｎｏ １")).isEqualTo("file no 1");
        assertThat(Duplicates.normal("cafe\u0301")).isEqualTo(Duplicates.normal("CAFÉ"));
        assertThat(Duplicates.normal("STRASSE")).isEqualTo(Duplicates.normal("straße"));
        assertThat(Duplicates.normal("ΟΔΟΣ")).isEqualTo(Duplicates.normal("οδος"));
    }

    @Test
    void otherWordsAndPunctuationCount() {
        assertThat(Duplicates.remove(List.of(example("Lost?", "a", 2)), List.of(example("Lost!", "a", 3)))
                        .removed())
                .isEmpty();
    }

    @Test
    void withoutDuplicatesThereIsNothingToSay() {
        Duplicates found = Duplicates.remove(List.of(example("one", "a", 2)), List.of(example("two", "a", 3)));
        assertThat(found.kept()).hasSize(1);
        assertThat(found.warnings()).isEmpty();
    }

    @Test
    void oneTextUnderTwoLabelsIsAConflict() {
        List<Example> examples =
                List.of(example("One", "a", 2), example("two", "a", 3), example("one", "b", 4), example("Two", "a", 5));
        List<Duplicates.Pair> conflicts = Duplicates.conflicts(examples);
        assertThat(conflicts).containsExactly(new Duplicates.Pair(examples.get(2), examples.get(0)));
        assertThat(conflicts.get(0).isConflict()).isTrue();
    }

    @Test
    void fivePairsAreShownAndTheRestCounted() {
        List<Duplicates.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pairs.add(new Duplicates.Pair(example("t", "a", i), example("t", "b", 99)));
        }
        assertThat(Duplicates.report("texts have two labels", pairs))
                .singleElement()
                .asString()
                .startsWith("8 texts have two labels: ")
                .contains("line 4 ")
                .doesNotContain("line 5 ")
                .endsWith("; and 3 more");
    }

    @Test
    void banking77HasFewRowsThatRepeatTheTestPart() {
        var train = Samples.publicData("banking77/train.csv").map(Table::read);
        var test = Samples.publicData("banking77/test.csv").map(Table::read);
        Assumptions.assumeTrue(train.isPresent() && test.isPresent(), "The public data sets are not on this machine");
        Duplicates found = Duplicates.remove(examples(train.orElseThrow()), examples(test.orElseThrow()));
        assertThat(found.removed()).hasSizeBetween(1, 100);
    }

    private static List<Example> examples(Table table) {
        return Examples.from(table, Columns.find(table, Optional.empty(), Optional.empty()));
    }

    private static Example example(String text, String label, long line) {
        return new Example(text, label, Samples.FILE, line);
    }
}
