package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Columns;
import dev.graft.data.RowSource;
import dev.graft.task.TargetKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableAnswersTest {
    private static final List<String> LABELS = List.of("short", "long");

    @TempDir
    Path folder;

    private final List<Long> progress = new ArrayList<>();

    /** Reads all texts before it answers the first. */
    private static Iterator<Answer> byLength(Iterator<String> texts) {
        Iterable<String> all = () -> texts;
        return StreamSupport.stream(all.spliterator(), false)
                .map(text -> Answer.of(LABELS, text.length() < 5 ? new float[] {0.75f, 0.25f} : new float[] {0, 1}))
                .toList()
                .iterator();
    }

    private String answered(String table, AnswerFormat format) throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), table);
        var out = new ByteArrayOutputStream();
        try (RowSource rows = RowSource.open(file)) {
            Columns columns = Columns.textOnly(file, rows.columns(), rows.sample(), Optional.of("text"));
            TableAnswers.write(
                    rows,
                    columns,
                    TableAnswersTest::byLength,
                    AnswerWriter.of(format, TargetKind.SINGLE_LABEL, out),
                    progress::add);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyRowHasItsAnswerInEachFormat() throws IOException {
        String table = "id,text\n1,\"one, two\"\n2,card\n";
        assertThat(answered(table, AnswerFormat.CSV))
                .isEqualTo("text,label,probability\r\n\"one, two\",long,1.000000\r\ncard,short,0.750000\r\n");
        assertThat(answered(table, AnswerFormat.TSV))
                .isEqualTo("text\tlabel\tprobability\r\none, two\tlong\t1.000000\r\ncard\tshort\t0.750000\r\n");
        assertThat(answered(table, AnswerFormat.JSON_LINES))
                .endsWith("{\"text\":\"card\",\"label\":\"short\",\"probability\":0.75,"
                        + "\"probabilities\":{\"short\":0.75,\"long\":0.25}}\n");
        assertThat(progress).containsExactly(1L, 2L, 1L, 2L, 1L, 2L);
    }

    @Test
    void wrongRowsAreToldWithTheirLines() {
        assertThatThrownBy(() -> answered("id,text\n1,card\n2\n", AnswerFormat.CSV))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void extensionsNameFormats() {
        assertThat(Stream.of("a.csv", "b/c.TSV", "d.jsonl", "e.ndjson").map(AnswerFormat::of))
                .containsExactly(
                        Optional.of(AnswerFormat.CSV),
                        Optional.of(AnswerFormat.TSV),
                        Optional.of(AnswerFormat.JSON_LINES),
                        Optional.of(AnswerFormat.JSON_LINES));
        assertThat(AnswerFormat.of("answers.pdf")).isEmpty();
        assertThat(AnswerFormat.of("answers")).isEmpty();
    }
}
