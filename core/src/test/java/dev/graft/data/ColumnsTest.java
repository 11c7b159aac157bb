package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    private static final Optional<String> UNSAID = Optional.empty();

    @ParameterizedTest
    @CsvSource({
        "text,label",
        "sentence,category",
        "utterance,intent",
        "content,class",
        "review,sentiment",
        "Text,LABEL",
    })
    void wellKnownNamesAreFound(String text, String label) {
        Columns columns = Columns.find(table(List.of("id", label, text), 4), UNSAID, UNSAID);
        assertThat(columns.text()).isEqualTo(2);
        assertThat(columns.label()).isEqualTo(1);
        assertThat(columns.description()).isEqualTo("text from column '%s', label from column '%s'", text, label);
    }

    @Test
    void theFirstOfTheWellKnownNamesWins() {
        Columns columns = Columns.find(table(List.of("content", "class", "label", "text"), 4), UNSAID, UNSAID);
        assertThat(columns.text()).isEqualTo(3);
        assertThat(columns.label()).isEqualTo(2);
    }

    @Test
    void shapesTellUnknownNames() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(new Row(i + 2, List.of("" + i, "constant", "a long question, number " + i, "kind " + i % 3)));
        }
        Table table = new Table(Samples.FILE, List.of("nr", "origin", "question", "kind"), rows);
        Columns columns = Columns.find(table, UNSAID, UNSAID);
        assertThat(columns.text()).isEqualTo(2);
        assertThat(columns.label()).isEqualTo(3);
        assertThat(columns.description())
                .isEqualTo("text from column 'question' (by its shape), label from column 'kind' (by its shape)");
    }

    @Test
    void columnsThatAreAskedForWin() {
        Columns columns = Columns.find(
                table(List.of("text", "label", "title", "topic"), 4), Optional.of("title"), Optional.of("Topic"));
        assertThat(columns.text()).isEqualTo(2);
        assertThat(columns.label()).isEqualTo(3);
    }

    @Test
    void aColumnThatIsNotThereSuggestsTheNearest() {
        assertThatThrownBy(() -> Columns.find(table(List.of("text", "category"), 4), UNSAID, Optional.of("catgory")))
                .isInstanceOf(InputException.class)
                .hasMessage("made-up.csv has no column 'catgory' (--label); its columns are 'text', 'category';"
                        + " did you mean 'category'?");
    }

    @Test
    void oneColumnForBothIsRefused() {
        assertThatThrownBy(() ->
                        Columns.find(table(List.of("text", "label"), 4), Optional.of("label"), Optional.of("label")))
                .hasMessageContaining("cannot be both text and label");
    }

    @Test
    void nothingLikeALabelNamesTheColumnsAndTheOption() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(new Row(i + 2, List.of("text " + i, "" + i)));
        }
        Table table = new Table(Samples.FILE, List.of("text", "id"), rows);
        assertThatThrownBy(() -> Columns.find(table, UNSAID, UNSAID))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column looks like the label")
                .hasMessageContaining("'text', 'id'")
                .hasMessageContaining("--label");
    }

    @Test
    void predictionNeedsTheTextAlone() {
        Table table = table(List.of("id", "utterance"), 3);
        Columns named = Columns.textOnly(table.file(), table.columns(), table.rows(), UNSAID);
        assertThat(named.text()).isEqualTo(1);
        assertThat(named.hasLabel()).isFalse();
        Table unnamed = new Table(Samples.FILE, List.of("id", "body"), List.of(new Row(2, List.of("1", "a text"))));
        assertThat(Columns.textOnly(unnamed.file(), unnamed.columns(), unnamed.rows(), UNSAID)
                        .description())
                .isEqualTo("text from column 'body' (by its shape)");
    }

    private static Table table(List<String> columns, int rows) {
        List<Row> made = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int number = i;
            made.add(new Row(
                    i + 2,
                    columns.stream().map(column -> column + " " + number % 2).toList()));
        }
        return new Table(Samples.FILE, columns, made);
    }
}
