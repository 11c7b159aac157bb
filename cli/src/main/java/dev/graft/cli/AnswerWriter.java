package dev.graft.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.predict.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes answers, a row a text: CSV and TSV with label and probability, JSON Lines with all probabilities. */
interface AnswerWriter {
    /** Writes one row. */
    void write(String text, Answer answer) throws IOException;

    /** Hands everything on. */
    void flush() throws IOException;

    /** Refuses a file whose extension names no format. */
    static void requireKnown(Path file) {
        if (!isCsv(file) && !isTsv(file) && !isJsonLines(file)) {
            throw new InputException(
                    "--output " + file + " must end in .csv, .tsv or .jsonl, which says how answers are written");
        }
    }

    /** A writer in the format of a file's extension. */
    static AnswerWriter of(Path file, OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        return isJsonLines(file) ? new JsonLines(writer) : new Separated(writer, isTsv(file) ? '\t' : ',');
    }

    private static boolean isCsv(Path file) {
        return file.toString().endsWith(".csv");
    }

    private static boolean isTsv(Path file) {
        return file.toString().endsWith(".tsv");
    }

    private static boolean isJsonLines(Path file) {
        return file.toString().endsWith(".jsonl") || file.toString().endsWith(".ndjson");
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
