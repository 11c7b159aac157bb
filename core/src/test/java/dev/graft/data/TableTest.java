package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final int ROWS = 1_000;
    private static final int DRAWN = 100;
    private static final int SEEDS = 400;

    @TempDir
    Path folder;

    private Path rows(int count) throws IOException {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int row = 0; row < count; row++) {
            lines.add("text " + row + ",label");
        }
        return Files.write(folder.resolve(count + ".csv"), lines);
    }

    @Test
    void drawnRowsAreRowsOfTheFileInItsOrder() throws IOException {
        Table whole = Table.read(rows(ROWS));
        Table some = Table.drawn(rows(ROWS), DRAWN, 1);
        assertThat(some.rows()).hasSize(DRAWN).isSortedAccordingTo(Comparator.comparingLong(Row::line));
        assertThat(whole.rows()).containsAll(some.rows());
        assertThat(some.rows()).doesNotHaveDuplicates();
        assertThat(some.all()).isEqualTo(ROWS);
        assertThat(whole.all()).isEqualTo(ROWS);
    }

    @Test
    void theSeedDecidesTheRows() throws IOException {
        Path file = rows(ROWS);
        assertThat(Table.drawn(file, DRAWN, 1)).isEqualTo(Table.drawn(file, DRAWN, 1));
        assertThat(Table.drawn(file, DRAWN, 1)).isNotEqualTo(Table.drawn(file, DRAWN, 2));
    }

    @Test
    void aFileWithNoMoreRowsIsReadWhole() throws IOException {
        Path file = rows(DRAWN);
        assertThat(Table.drawn(file, DRAWN, 1)).isEqualTo(Table.read(file));
        assertThat(Table.drawn(file, ROWS, 1)).isEqualTo(Table.read(file));
    }

    /** A draw that took the first rows, or the last, would have another mean: rows 0 to 19 have 9.5. */
    @Test
    void eachRowIsAsProbableAsAnyOther() throws IOException {
        Path file = rows(20);
        double sum = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            for (Row row : Table.drawn(file, 4, seed).rows()) {
                sum += row.line() - 2;
            }
        }
        double fourStandardErrors = 4 * Math.sqrt(33.25 / (4 * SEEDS));
        assertThat(sum / (4 * SEEDS)).isCloseTo(9.5, within(fourStandardErrors));
    }

    @Test
    void onlyTheRowsThatAreHeldCountAgainstTheMemory() throws IOException {
        Path file = rows(10_000);
        assertThat(Table.read(file, DRAWN, 1, 100_000).rows()).hasSize(DRAWN);
        assertThatThrownBy(() -> Table.read(file, ROWS, 1, 100_000))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is too large to be held in memory")
                .hasMessageContaining("--max-train-samples");
    }

    @Test
    void wrongNumbersAreRefused() {
        assertThatThrownBy(() -> Table.drawn(folder.resolve("any.csv"), 0, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 or more, not 0");
        assertThatThrownBy(() -> new Table(folder, List.of("a"), List.of(new Row(2, List.of("x"))), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
