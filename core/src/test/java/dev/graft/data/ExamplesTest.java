package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final Columns COLUMNS = new Columns(1, 0, "");

    @Test
    void examplesKnowWhereTheyCameFrom() {
        List<Example> examples = Examples.from(table(new Row(7, List.of("x", "a text"))), COLUMNS);
        assertThat(examples).containsExactly(new Example("a text", "x", Samples.FILE, 7));
        assertThat(examples.get(0).place()).isEqualTo("made-up.csv, line 7");
        assertThat(Examples.texts(examples)).containsExactly("a text");
    }

    @Test
    void allRowsWithoutTextOrLabelAreReportedAtOnce() {
        Table table = table(
                new Row(2, List.of("x", "")),
                new Row(3, List.of("x", "fine")),
                new Row(4, List.of(" ", "a text")),
                new Row(6, List.of("", "\t")));
        assertThatThrownBy(() -> Examples.from(table, COLUMNS))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("4 problems in made-up.csv:")
                .hasMessageContaining("line 2: the text is empty")
                .hasMessageContaining("line 4: the label is missing")
                .hasMessageContaining("line 6: the text is empty")
                .hasMessageContaining("line 6: the label is missing");
    }

    @Test
    void aHundredThousandRowsOfOneLabelArePossible() {
        Row row = new Row(2, List.of("x", "text"));
        Table table = new Table(Samples.FILE, List.of("label", "text"), Collections.nCopies(100_000, row));
        assertThat(Examples.from(table, COLUMNS)).hasSize(100_000);
    }

    private static Table table(Row... rows) {
        return new Table(Samples.FILE, List.of("label", "text"), List.of(rows));
    }
}
