package dev.graft.predict;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.graft.bundle.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes answers, a row a text: CSV and TSV with label and probability, JSON Lines with all probabilities. */
public interface AnswerWriter {
    /** Writes one row. */
    void write(String text, Answer answer) throws IOException;

    /** Hands everything on. */
    void flush() throws IOException;

    /** A writer of a format; what it has written is in {@code out} once it is flushed. */
    static AnswerWriter of(AnswerFormat format, OutputStream out) {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        return switch (format) {
            case CSV -> new Separated(writer, ',');
            case TSV -> new Separated(writer, '\t');
            case JSON_LINES -> new JsonLines(writer);
        };
    }

    /** Rows with text, label and probability. */
    final class Separated implements AnswerWriter {
        private final CsvWriter csv;

        Separated(Writer writer, char separator) {
            this.csv = CsvWriter.builder().fieldSeparator(separator).build(writer);
            csv.writeRecord("text", "label", "probability");
        }

        @Override
        public void write(String text, Answer answer) {
            csv.writeRecord(text, answer.label(), String.format(Locale.ROOT, "%.6f", answer.probability()));
        }

        @Override
        public void flush() throws IOException {
            csv.flush();
        }
    }

    /** Objects with text, label, probability and the probabilities of all labels. */
    final class JsonLines implements AnswerWriter {
        private final Writer writer;

        JsonLines(Writer writer) {
            this.writer = writer;
        }

        @Override
        public void write(String text, Answer answer) throws IOException {
            Map<String, Double> all = new LinkedHashMap<>();
            answer.all().forEach(each -> all.put(each.label(), each.probability()));
            writer.write(Json.line(new Line(text, answer.label(), answer.probability(), all)));
            writer.write('\n');
        }

        @Override
        public void flush() throws IOException {
            writer.flush();
        }

        private record Line(String text, String label, double probability, Map<String, Double> probabilities) {}
    }
}
