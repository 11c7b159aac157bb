package dev.graft.predict;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.graft.bundle.Json;
import dev.graft.task.TargetKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes answers, a row a text: CSV and TSV with label and probability or the number, JSON Lines with all
 * probabilities. */
public interface AnswerWriter {
    /** Writes one row. */
    void write(String text, Answer answer) throws IOException;

    /** Hands everything on. */
    void flush() throws IOException;

    /** A writer of a format; what it has written is in {@code out} once it is flushed. */
    static AnswerWriter of(AnswerFormat format, TargetKind kind, OutputStream out) {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        return switch (format) {
            case CSV -> new Separated(writer, ',', kind);
            case TSV -> new Separated(writer, '\t', kind);
            case JSON_LINES -> new JsonLines(writer, kind);
        };
    }

    /** Rows with text, label and probability, or with text and number. */
    final class Separated implements AnswerWriter {
        private final CsvWriter csv;
        private final boolean number;

        Separated(Writer writer, char separator, TargetKind kind) {
            this.csv = CsvWriter.builder().fieldSeparator(separator).build(writer);
            this.number = kind == TargetKind.REGRESSION;
            if (number) {
                csv.writeRecord("text", "number");
            } else {
                csv.writeRecord("text", "label", "probability");
            }
        }

        @Override
        public void write(String text, Answer answer) {
            if (number) {
                csv.writeRecord(text, answer.label());
                return;
            }
            csv.writeRecord(text, answer.label(), String.format(Locale.ROOT, "%.6f", answer.probability()));
        }

        @Override
        public void flush() throws IOException {
            csv.flush();
        }
    }

    /** Objects with text, label or labels, and the probabilities of all labels; or with text and number. */
    final class JsonLines implements AnswerWriter {
        private final Writer writer;
        private final TargetKind kind;

        JsonLines(Writer writer, TargetKind kind) {
            this.writer = writer;
            this.kind = kind;
        }

        @Override
        public void write(String text, Answer answer) throws IOException {
            writer.write(Json.line(line(text, answer)));
            writer.write('\n');
        }

        private Object line(String text, Answer answer) {
            if (kind == TargetKind.REGRESSION) {
                return new NumberLine(text, answer.number());
            }
            Map<String, Double> all = new LinkedHashMap<>();
            answer.all().forEach(each -> all.put(each.label(), each.probability()));
            return kind == TargetKind.MULTI_LABEL
                    ? new LabelsLine(text, answer.labels(), all)
                    : new Line(text, answer.label(), answer.probability(), all);
        }

        @Override
        public void flush() throws IOException {
            writer.flush();
        }

        private record Line(String text, String label, double probability, Map<String, Double> probabilities) {}

        private record LabelsLine(String text, List<String> labels, Map<String, Double> probabilities) {}

        private record NumberLine(String text, double number) {}
    }
}
