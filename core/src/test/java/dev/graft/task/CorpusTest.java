package dev.graft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final Path TEST = Path.of("test.csv");

    @TempDir
    Path folder;

    /** Rows of two labels, with texts of their own. */
    private TextClassification task(int rows, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int row = 0; row < rows; row++) {
            lines.add("text " + row + "," + (row % 2 == 0 ? "even" : "odd"));
        }
        lines.addAll(List.of(more));
        return TextClassification.from(Table.read(Files.write(folder.resolve("rows.csv"), lines)));
    }

    private static Example tested(String text, String label) {
        return new Example(text, label, TEST, 2);
    }

    private static Set<String> texts(List<Example> examples) {
        Set<String> texts = new HashSet<>();
        examples.forEach(example -> texts.add(example.text()));
        return texts;
    }

    @Test
    void everyRowIsInExactlyOnePart() throws IOException {
        Corpus corpus = Corpus.of(task(100), Optional.empty(), 0.1, 0.2, 42);
        assertThat(corpus.split().train()).hasSize(70);
        assertThat(corpus.split().validation()).hasSize(10);
        assertThat(corpus.split().test()).hasSize(20);
        assertThat(Stream.of(
                                corpus.split().train(),
                                corpus.split().validation(),
                                corpus.split().test())
                        .flatMap(part -> texts(part).stream())
                        .distinct())
                .hasSize(100);
        assertThat(corpus.labels().names()).containsExactly("even", "odd");
        assertThat(corpus.warnings()).isEmpty();
    }

    @Test
    void theSeedDecidesTheSplit() throws IOException {
        TextClassification task = task(100);
        assertThat(Corpus.of(task, Optional.empty(), 0.1, 0.2, 1))
                .isEqualTo(Corpus.of(task, Optional.empty(), 0.1, 0.2, 1))
                .isNotEqualTo(Corpus.of(task, Optional.empty(), 0.1, 0.2, 2));
    }

    @Test
    void givenTestRowsAreAllThatIsTestedOn() throws IOException {
        List<Example> test = List.of(tested("a new one", "odd"), tested("another", "even"));
        Corpus corpus = Corpus.of(task(100), Optional.of(test), 0.1, 0.2, 42);
        assertThat(corpus.split().test()).isEqualTo(test);
        assertThat(corpus.split().train()).hasSize(90);
    }

    @Test
    void trainingRowsThatRepeatATestRowAreRemovedAndReported() throws IOException {
        List<Example> test = List.of(tested("TEXT  7", "odd"), tested("another", "even"));
        Corpus corpus = Corpus.of(task(100), Optional.of(test), 0.1, 0, 42);
        assertThat(texts(corpus.split().train())).doesNotContain("text 7");
        assertThat(texts(corpus.split().validation())).doesNotContain("text 7");
        assertThat(corpus.split().train().size() + corpus.split().validation().size())
                .isEqualTo(99);
    }

    @Test
    void removedRowsAreNamed() throws IOException {
        List<Example> test = new ArrayList<>();
        for (int row = 0; row < 100; row += 2) {
            test.add(tested("text " + row, "even"));
        }
        Corpus corpus = Corpus.of(task(100), Optional.of(test), 0.1, 0, 42);
        assertThat(corpus.warnings())
                .anyMatch(warning ->
                        warning.contains("repeat a held-out row and were removed") && warning.contains("rows.csv"));
    }

    @Test
    void aTextUnderTwoLabelsIsReported() throws IOException {
        Corpus corpus = Corpus.of(task(100, "text 4,odd"), Optional.empty(), 0.1, 0.2, 42);
        assertThat(corpus.warnings()).anyMatch(warning -> warning.contains("under another label"));
    }

    @Test
    void aTestLabelThatNoTrainingRowHasIsRefused() throws IOException {
        TextClassification task = task(20);
        assertThatThrownBy(() -> Corpus.of(task, Optional.of(List.of(tested("x", "strange"))), 0.1, 0, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("strange");
    }

    @Test
    void nothingToLearnFromIsRefused() throws IOException {
        TextClassification task = task(20);
        assertThatThrownBy(() -> Corpus.of(task, Optional.of(task.examples()), 0.1, 0, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no rows left to ")
                .hasMessageContaining("repeat a held-out row");
    }
}
