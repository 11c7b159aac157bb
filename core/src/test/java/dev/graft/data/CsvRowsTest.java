package dev.graft.data;

import static dev.graft.data.Samples.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {
    @TempDir
    Path folder;

    @Test
    void readsQuotedFieldsAsRfc4180Says() {
        Table table = csv("text,label\r\n\"a, \"\"b\"\"\r\nc\",x\r\nplain,y\r\n");
        assertThat(table.columns()).containsExactly("text", "label");
        assertThat(values(table)).containsExactly(List.of("a, \"b\"\r\nc", "x"), List.of("plain", "y"));
        assertThat(table.rows()).extracting(Row::line).containsExactly(2L, 4L);
    }

    @Test
    void aMarkAtTheBeginningIsNoPartOfTheFirstName() {
        assertThat(csv("\uFEFFtext,label\na,b\n").columns()).containsExactly("text", "label");
    }

    @Test
    void aSemicolonSeparatesWhereTheHeaderHasNoComma() {
        assertThat(values(csv("text;label\na, b;c\n"))).containsExactly(List.of("a, b", "c"));
    }

    @Test
    void tabsSeparateInTsv() {
        Path file = Samples.write(folder, "data.tsv", "text\tlabel\na, b\tc\n");
        assertThat(values(Table.read(file))).containsExactly(List.of("a, b", "c"));
    }

    @Test
    void emptyLinesArePassedOverAndCounted() {
        Table table = csv("\ntext,label\n\na,b\n\n\nc,d");
        assertThat(table.rows()).extracting(Row::line).containsExactly(4L, 7L);
    }

    @Test
    void theLastLineNeedsNoEnd() {
        assertThat(values(csv("text,label\na,b"))).containsExactly(List.of("a", "b"));
    }

    @Test
    void aNamelessColumnGetsItsNumber() {
        assertThat(csv(",text\n1,a\n").columns()).containsExactly("column 1", "text");
    }

    @Test
    void aColumnNameThatIsThereTwiceIsRefused() {
        assertFails("text,label,text\na,b,c\n").hasMessageContaining("two columns are named 'text'");
    }

    @Test
    void everyTornRowIsReportedAtOnce() {
        assertFails("text,label\na,b\nc\n\"d\ne\",f,g\nh,i\nj,k,l,m\n")
                .hasMessageStartingWith("3 problems in ")
                .hasMessageContaining("line 3: the row has 1 fields, the header 2")
                .hasMessageContaining("line 4: the row has 3 fields")
                .hasMessageContaining("line 7: the row has 4 fields");
    }

    @Test
    void twentyProblemsAreShownAndTheRestCounted() {
        assertFails("text,label\n" + "torn\n".repeat(50))
                .hasMessageStartingWith("50 problems")
                .hasMessageContaining("line 21:")
                .hasMessageNotContaining("line 22:")
                .hasMessageEndingWith("… and 30 more");
    }

    @Test
    void aTornQuoteIsReportedWhereItOpens() {
        assertFails("text,label\na,b\n\"first\nline\",\"opened here\nand,on\nand,on\n")
                .hasMessageContaining("line 4: a quote opens here and is never closed");
    }

    @Test
    void aTornQuoteInTheHeaderIsReported() {
        assertFails("\"text,label\na,b\n").hasMessageContaining("line 1: a quote opens here");
    }

    @Test
    void textBehindAClosingQuoteIsReported() {
        assertFails("text,label\na,b\n\"say \"hello\" now\",c\n")
                .hasMessageContaining("line 3: text follows a closing quote");
    }

    @Test
    void aTornQuoteIsReportedTogetherWithTheRowsBefore() {
        assertFails("text,label\ntorn\n\"a,b\n")
                .hasMessageStartingWith("2 problems")
                .hasMessageContaining("line 2: the row has 1 fields")
                .hasMessageContaining("line 3: a quote opens here");
    }

    @Test
    void aQuoteThatIsNeverClosedDoesNotFillTheMemory() {
        assertFails("text,label\n\"" + "x,y\n".repeat(5_000_000))
                .hasMessageContaining("line 2: a field of more than 16777216 characters begins here");
    }

    @Test
    void badBytesAreReportedWithTheirLines() throws IOException {
        Path file = folder.resolve("latin.csv");
        Files.write(file, "text,label\ncafé,b\nfine,c\nGrüße,d\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Table.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 problems in " + file)
                .hasMessageContaining("line 2: byte 0xE9 is not UTF-8; save the file as UTF-8")
                .hasMessageContaining("line 4: byte 0xFC");
    }

    @Test
    void aCharacterThatTheFileCutsInHalfIsReported() throws IOException {
        Path file = folder.resolve("cut.csv");
        byte[] whole = "text,label\na,👋".getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Table.read(file)).hasMessageContaining("line 2: byte 0xF0 is not UTF-8");
    }

    @Test
    void nulBytesAreReportedWithTheirLines() {
        assertFails("text,label\na\0b\0,c\nd,e\n\0,f\n")
                .hasMessageStartingWith("2 problems")
                .hasMessageContaining("line 2: a NUL byte")
                .hasMessageContaining("line 4: a NUL byte");
    }

    @Test
    void utf16IsNamed() throws IOException {
        Path file = folder.resolve("wide.csv");
        Files.write(file, "\uFEFFtext,label\na,b\n".getBytes(Charset.forName("UTF-16LE")));
        assertThatThrownBy(() -> Table.read(file)).hasMessageContaining("is in UTF-16; save it as UTF-8");
    }

    @Test
    void charactersAcrossReadBufferBoundariesStayWhole() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("é👋".repeat(1 + i % 3)).append(i % 7 == 0 ? "x" : "");
        }
        assertThat(values(csv("text,label\n" + text + ",b\n"))).containsExactly(List.of(text.toString(), "b"));
    }

    private Table csv(String content) {
        return Table.read(Samples.write(folder, "data.csv", content));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertFails(String content) {
        Path file = Samples.write(folder, "data.csv", content);
        return assertThatThrownBy(() -> Table.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString());
    }
}
