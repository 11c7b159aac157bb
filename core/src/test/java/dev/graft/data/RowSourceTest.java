package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSourceTest {
    @TempDir
    Path folder;

    @Test
    void theSampleIsPartOfTheRows() {
        Path file = Samples.write(folder, "data.csv", "text,label\n" + "a,b\n".repeat(250));
        try (RowSource source = RowSource.open(file)) {
            assertThat(source.sample()).hasSize(100);
            List<Row> rows = new ArrayList<>();
            source.forEach(rows::add);
            assertThat(rows).hasSize(250).startsWith(source.sample().toArray(Row[]::new));
            assertThat(rows.get(249).line()).isEqualTo(251);
        }
    }

    @Test
    void goodRowsComeBeforeTheReportOfTheBad() {
        Path file = Samples.write(folder, "data.csv", "text,label\na,b\ntorn\nc,d\n");
        try (RowSource source = RowSource.open(file)) {
            Iterator<Row> rows = source.iterator();
            assertThat(rows.next().values()).containsExactly("a", "b");
            assertThat(rows.next().values()).containsExactly("c", "d");
            assertThatThrownBy(rows::hasNext).hasMessageContaining("line 3");
        }
    }

    @Test
    void theEndStaysTheEnd() {
        Path file = Samples.write(folder, "data.csv", "text\na\n");
        try (RowSource source = RowSource.open(file)) {
            Iterator<Row> rows = source.iterator();
            rows.next();
            assertThat(rows.hasNext()).isFalse();
            assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void aMissingFileSuggestsTheNearest() {
        Samples.write(folder, "support.csv", "text,label\n");
        assertFails(folder.resolve("suport.csv")).hasMessageContaining("did you mean 'support.csv'?");
    }

    @Test
    void aFolderIsNamed() {
        assertFails(folder).hasMessageContaining("is a folder");
    }

    @Test
    void anEmptyFileIsNamed() {
        assertFails(Samples.write(folder, "empty.csv", "")).hasMessageContaining("is empty");
        assertFails(Samples.write(folder, "empty.jsonl", "")).hasMessageContaining("is empty");
        assertFails(Samples.write(folder, "empty.parquet", "")).hasMessageContaining("is empty");
    }

    @Test
    void aFileOfBlankLinesIsNamed() {
        assertFails(Samples.write(folder, "blank.csv", "\n\n\n")).hasMessageContaining("only empty lines");
        assertFails(Samples.write(folder, "blank.jsonl", "\n\n")).hasMessageContaining("no rows");
    }

    @Test
    void aHeaderWithoutRowsIsNamed() {
        assertFails(Samples.write(folder, "header.csv", "text,label\n"))
                .hasMessageContaining("has no rows, only a header: text, label");
    }

    @Test
    void packedFilesAndSpreadsheetsAreNamed() throws IOException {
        Path gzip = Files.write(folder.resolve("data.csv"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertFails(gzip).hasMessageContaining("gzip");
        Path sheet = Files.write(folder.resolve("data.xlsx"), new byte[] {'P', 'K', 3, 4});
        assertFails(sheet).hasMessageContaining("save the sheet as CSV");
    }

    @Test
    void aTextOfAMegabyteIsRefusedWithItsLineAndAShorterOneIsRead() {
        Path file = Samples.write(
                folder, "long.csv", "text,label\n" + "x".repeat(999_999) + ",a\n" + "y".repeat(1_000_000) + ",b\n");
        assertFails(file).hasMessageContaining("line 3: column 'text' holds 1000000 characters");
        Path shorter = Samples.write(folder, "shorter.csv", "text,label\n" + "x".repeat(999_999) + ",a\n");
        assertThat(Table.read(shorter).rows()).hasSize(1);
    }

    @Test
    void aTableBeyondTheMemoryIsRefused() {
        Path file = Samples.write(folder, "large.csv", "text,label\n" + ("x".repeat(1_000) + ",a\n").repeat(1_000));
        assertThatThrownBy(() -> Table.read(file, 1 << 20))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("more than 1 MB by line 4")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void aFileWithoutKnownExtensionIsJudgedByItsBeginning() {
        assertThat(Table.read(Samples.write(folder, "a.txt", "text\tlabel\na,\tb\n"))
                        .columns())
                .containsExactly("text", "label");
        assertThat(Table.read(Samples.write(folder, "b.txt", "text,label\na,b\n"))
                        .columns())
                .containsExactly("text", "label");
        assertThat(Table.read(Samples.write(folder, "c.json", "{\"text\": \"a\"}\n"))
                        .columns())
                .containsExactly("text");
    }

    @Test
    void randomBytesAreRefusedOrReadButNeverWorse() throws IOException {
        Random random = new Random(20261121L);
        String alphabet = "ab,;\t\"\"\n\r{}[]:\\\0é\uFFFF";
        for (int i = 0; i < 600; i++) {
            StringBuilder content = new StringBuilder(i % 2 == 0 ? "text,label\n" : "{\"text\": 1}\n");
            for (int k = random.nextInt(60); k > 0; k--) {
                content.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Path file = Samples.write(folder, i % 2 == 0 ? "random.csv" : "random.jsonl", content.toString());
            try {
                assertThat(Table.read(file).rows()).isNotEmpty();
            } catch (InputException refused) {
                assertThat(refused).hasMessageContaining(file.toString());
            }
        }
    }

    @Test
    void banking77HasTheRowsThatItsReadmeStates() {
        Path file = Samples.publicData("banking77/train.csv").orElse(null);
        Assumptions.assumeTrue(file != null, "The public data sets are not on this machine");
        assertThat(Table.read(file).rows()).hasSize(10_003);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(Path file) {
        return assertThatThrownBy(() -> Table.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString());
    }
}
