package dev.graft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.LabelNumbers;
import dev.graft.data.LabelSet;
import dev.graft.data.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
    @TempDir
    private Path folder;

    private TextClassification task(String file, String content) throws IOException {
        return TextClassification.from(Table.read(Files.writeString(folder.resolve(file), content)));
    }

    private TextClassification labels(String... labels) throws IOException {
        return task(
                "data.csv",
                "text,label\n"
                        + IntStream.range(0, labels.length)
                                .mapToObj(i -> "t" + i + ",\"" + labels[i] + "\"\n")
                                .collect(Collectors.joining()));
    }

    private static Truth truth(TextClassification task) {
        List<Example> examples = task.examples();
        Target target = task.target();
        return target.truth(target.labels(examples), examples);
    }

    @Test
    void separatorsAreFoundWhereTheirPartsComeBack() throws IOException {
        assertThat(labels("a;b", "b", "a", "").target().description()).contains("separated by ';'");
        assertThat(labels("a|b", "b", "a").target().description()).contains("separated by '|'");
        assertThat(labels("a, b", "b", "a").target().description()).contains("separated by ','");
        assertThat(labels("yes, please", "no", "no", "yes, please").target()).isEqualTo(new SingleLabel());
        assertThat(labels("a", "b", "a").target()).isEqualTo(new SingleLabel());
    }

    @Test
    void aCellHoldsEachLabelOnceOrNone() throws IOException {
        TextClassification task = labels("b; a;b", "", "a");

        assertThat(task.target().labels(task.examples()).names()).containsExactly("a", "b");
        assertThat(((Truth.Sets) truth(task)).has())
                .isDeepEqualTo(new boolean[][] {{true, true}, {false, false}, {true, false}});
    }

    @Test
    void jsonLinesHoldLists() throws IOException {
        TextClassification task = task("data.jsonl", """
                {"text": "one", "label": ["x", "y, z"]}
                {"text": "two", "label": []}
                {"text": "three", "label": ["x"]}
                """);

        assertThat(task.target().labels(task.examples()).names()).containsExactly("x", "y, z");
        assertThat(((Truth.Sets) truth(task)).has())
                .isDeepEqualTo(new boolean[][] {{true, true}, {false, false}, {true, false}});
    }

    @Test
    void columnsOfZeroAndOneAreLabels() throws IOException {
        Path file = Files.writeString(folder.resolve("wide.csv"), "text,late,broken\nx,1,0\ny,0,0\nz,1,true\n");
        var task = new TextClassification(Table.read(file), Optional.empty(), Optional.of("late,broken"));

        assertThat(task.target().kind()).isEqualTo(TargetKind.MULTI_LABEL);
        assertThat(task.target().labels(task.examples()).names()).containsExactly("broken", "late");
        assertThat(task.columns().description()).contains("label from column 'late,broken'");
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "text,late,broken\nx,1,0\ny,maybe,0\n");
        assertThatThrownBy(
                        () -> new TextClassification(Table.read(wrong), Optional.empty(), Optional.of("late,broken")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 3: column 'late' must hold 0 or 1")
                .hasMessageContaining("not 'maybe'");
        assertThatThrownBy(() -> new TextClassification(Table.read(wrong), Optional.empty(), Optional.of("late,lost")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no column 'lost'");
    }

    @Test
    void manyNumbersWithFractionsAreMeasurements() throws IOException {
        String[] fractions = IntStream.range(0, 30).mapToObj(i -> i + ".5").toArray(String[]::new);
        String[] classes = IntStream.range(0, 77).mapToObj(String::valueOf).toArray(String[]::new);

        assertThat(labels(fractions).target().kind()).isEqualTo(TargetKind.REGRESSION);
        assertThat(labels(classes).target().kind()).isEqualTo(TargetKind.SINGLE_LABEL);
        assertThat(labels("1.5", "2.5", "1.5").target().kind()).isEqualTo(TargetKind.SINGLE_LABEL);
    }

    @Test
    void whatIsNoNumberIsToldWithItsRow() throws IOException {
        TextClassification task = labels("1.5", "two", "NaN", "Infinity", "1e999", "-3e2")
                .answering(WantedTarget.of(TargetKind.REGRESSION));

        assertThatThrownBy(() -> truth(task))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("4 problems")
                .hasMessageContaining("line 3: a finite number was expected, not 'two'")
                .hasMessageContaining("line 4: a finite number was expected, not 'NaN'");
        assertThat(LabelNumbers.isNumber("-3e2")).isTrue();
    }

    @Test
    void nothingToTellApartIsRefused() throws IOException {
        TextClassification numbers = labels("1.5", "1.5").answering(WantedTarget.of(TargetKind.REGRESSION));
        TextClassification sets = labels("a;b", "b;a").answering(WantedTarget.of(TargetKind.MULTI_LABEL));

        assertThatThrownBy(() -> truth(numbers)).hasMessageContaining("the same number in all rows");
        assertThatThrownBy(() -> truth(sets)).hasMessageContaining("the same labels in all rows");
    }

    @Test
    void aLabelThatTrainingDoesNotKnowIsToldWithItsRow() throws IOException {
        TextClassification task = labels("a;b", "b", "a");
        List<Example> test = List.of(new Example("t", "a;bb", Path.of("test.csv"), 7));

        assertThatThrownBy(() -> task.target().truth(task.target().labels(task.examples()), test))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.csv, line 7: label 'bb' is not among the 2 that the model knows");
    }

    @Test
    void orderedLabelsAreNumbersOrNamedInTheirOrder() throws IOException {
        TextClassification numbers = labels("10", "9", "10", "2").answering(WantedTarget.of(TargetKind.ORDINAL));
        TextClassification words = labels("low", "high", "low").answering(WantedTarget.of(TargetKind.ORDINAL));
        var order = new WantedTarget(Optional.empty(), Optional.empty(), List.of("low", "medium", "high"));

        assertThat(numbers.target().labels(numbers.examples()).names()).containsExactly("2", "9", "10");
        assertThatThrownBy(() -> truth(words))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'high' is no number")
                .hasMessageContaining("--order low,medium,high");
        TextClassification named = words.answering(order);
        assertThat(named.target().labels(named.examples()).names()).containsExactly("low", "medium", "high");
        assertThat(named.target().warnings(named.examples())).contains("No row has the label 'medium' of --order");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertThatThrownBy(() -> new WantedTarget(Optional.of(TargetKind.REGRESSION), Optional.of(";"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--label-separator goes with --task multi-label");
        assertThatThrownBy(() ->
                        new WantedTarget(Optional.of(TargetKind.MULTI_LABEL), Optional.empty(), List.of("a", "b")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--order goes with --task ordinal");
        assertThatThrownBy(() -> new Ordinal(List.of("a", "a"))).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> TargetKind.named("multilabel"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("multi-label");
    }

    @Test
    void aSplitKeepsTheRarestLabelAndTheSpreadOfNumbers() throws IOException {
        String[] rare = IntStream.range(0, 200)
                .mapToObj(i -> i % 20 == 0 ? "common;rare" : i % 2 == 0 ? "common" : "")
                .toArray(String[]::new);
        Corpus sets = Corpus.of(labels(rare), Optional.empty(), 0.2, 0.2, 42);
        LabelSet names = sets.labels();

        assertThat(List.of(
                        sets.split().train(),
                        sets.split().validation(),
                        sets.split().test()))
                .allMatch(part -> Arrays.stream(((Truth.Sets) sets.target().truth(names, part)).has())
                        .anyMatch(row -> row[1]));
        String[] numbers = IntStream.range(0, 200).mapToObj(i -> i + ".5").toArray(String[]::new);
        Corpus spread = Corpus.of(labels(numbers), Optional.empty(), 0.2, 0.2, 42);
        assertThat(spread.split().test()).anyMatch(example -> Double.parseDouble(example.label()) < 20);
        assertThat(spread.split().test()).anyMatch(example -> Double.parseDouble(example.label()) > 180);
        assertThat(((Regression) spread.target()).scale().deviation()).isBetween(50.0, 65.0);
    }

    @Test
    void aBundleSaysHowItsOutputsAreRead() {
        assertThat(TargetKind.ofTask("text-classification")).isEqualTo(TargetKind.SINGLE_LABEL);
        for (TargetKind kind : TargetKind.values()) {
            assertThat(TargetKind.ofTask(kind.task())).isEqualTo(kind);
        }
        assertThatThrownBy(() -> TargetKind.ofTask("translation")).hasMessageContaining("newer Graft");
        assertThat(TargetKind.MULTI_LABEL.scores(new float[] {0, 1000, -1000})).containsExactly(0.5f, 1, 0);
        assertThat(TargetKind.REGRESSION.scores(new float[] {-7})).containsExactly(-7);
    }
}
