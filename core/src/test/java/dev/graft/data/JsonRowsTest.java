package dev.graft.data;

import static dev.graft.data.Samples.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonRowsTest {
    @TempDir
    Path folder;

    @Test
    void readsAnObjectALine() {
        Table table = json("{\"text\": \"a\\nb\", \"label\": \"x\"}\r\n\n{\"label\": \"y\", \"text\": \"ü👋\"}");
        assertThat(table.columns()).containsExactly("text", "label");
        assertThat(values(table)).containsExactly(List.of("a\nb", "x"), List.of("ü👋", "y"));
        assertThat(table.rows()).extracting(Row::line).containsExactly(1L, 3L);
    }

    @Test
    void valuesOfOtherTypesBecomeText() {
        Table table = json("{\"n\": 1.50, \"flag\": true, \"none\": null, \"list\": [1, {\"a\": 2}]}\n");
        assertThat(values(table)).containsExactly(List.of("1.50", "true", "", "[1,{\"a\":2}]"));
    }

    @Test
    void keysOfAllTheFirstObjectsAreColumns() {
        Table table = json("{\"text\": \"a\"}\n{\"text\": \"b\", \"label\": \"x\"}\n");
        assertThat(table.columns()).containsExactly("text", "label");
        assertThat(values(table)).containsExactly(List.of("a", ""), List.of("b", "x"));
    }

    @Test
    void manyLinesAreReadAcrossBuffers() {
        String line = "{\"text\": \"" + "long ".repeat(40) + "\", \"label\": \"x\"}\n";
        assertThat(json(line.repeat(1_000)).rows()).hasSize(1_000);
    }

    @Test
    void everyLineThatIsNoObjectIsReportedAtOnce() {
        assertFails("{\"text\": \"a\"}\n{\"text\": \"b\"\n\"text\"\n{\"text\": \"c\"} {}\n{\"text\": 1, \"text\": 2}\n")
                .hasMessageStartingWith("4 problems")
                .hasMessageContaining("line 2: not a JSON object on a line of its own")
                .hasMessageContaining("line 3: not a JSON object on a line of its own: an object {…} was expected")
                .hasMessageContaining("more follows after the object")
                .hasMessageContaining("line 5:")
                .hasMessageContaining("Duplicate");
    }

    @Test
    void anArrayOfObjectsIsNamed() {
        assertFails("[{\"text\": \"a\"}]").hasMessageContaining("an object {…} was expected");
    }

    @Test
    void badBytesAndNulsAreFound() {
        assertFails("{\"text\": \"a\0b\"}\n").hasMessageContaining("line 1: a NUL byte");
    }

    @Test
    void deepNestingIsRefusedNotOverflown() {
        assertFails("{\"text\": " + "[".repeat(100_000) + "\n").hasMessageContaining("line 1: not a JSON object");
    }

    @Test
    void aLineWithoutEndDoesNotFillTheMemory() {
        assertFails("{\"text\": \"" + "x".repeat(17_000_000)).hasMessageContaining("line 1: the line has more than");
    }

    private Table json(String content) {
        return Table.read(Samples.write(folder, "data.jsonl", content));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertFails(String content) {
        Path file = Samples.write(folder, "data.jsonl", content);
        return assertThatThrownBy(() -> Table.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString());
    }
}
