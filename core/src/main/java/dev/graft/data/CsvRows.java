package dev.graft.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.graft.InputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values separated by a character, quoted as RFC 4180 says, under a line of column names. */
final class CsvRows implements RowReader {
    /** A field longer than this is taken for a quote that is not closed, in characters. */
    private static final int LONGEST_FIELD = 1 << 24;

    private final Findings findings;
    private final Fields fields = new Fields();
    private final CloseableIterator<Row> rows;
    private final List<String> columns;

    CsvRows(Path file, Reader reader, char separator, Findings findings) {
        this.findings = findings;
        this.rows = CsvReader.builder()
                .fieldSeparator(separator)
                .maxBufferSize(LONGEST_FIELD)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .build(fields, reader)
                .iterator();
        Row header = next();
        if (header == null) {
            throw new InputException(file + " holds only empty lines; a table with a header line was expected");
        }
        this.columns = columns(header, file);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (CsvParseException torn) {
            findings.add(fields.line + fields.breaks, explain(torn));
            findings.throwIfAny();
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static String explain(CsvParseException torn) {
        String reasons = torn.getMessage() + " " + torn.getCause();
        if (reasons.contains("Unclosed")) {
            return "a quote opens here and is never closed; close it, or double it (\"\") if it belongs to the text";
        }
        if (reasons.contains("after closing quote")) {
            return "text follows a closing quote; double the quotes (\"\") inside a quoted field";
        }
        return "a field of more than " + LONGEST_FIELD + " characters begins here; is a quote not closed?";
    }

    private static List<String> columns(Row header, Path file) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String given : header.values()) {
            String name = given.isBlank() ? "column " + (names.size() + 1) : given.strip();
            if (!seen.add(name)) {
                throw new InputException(
                        file + ", line " + header.line() + ": two columns are named '" + name + "'; rename one");
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    /** Builds rows, and knows on which line the field begins that is being read. */
    private static final class Fields extends AbstractBaseCsvCallbackHandler<Row> {
        private List<String> values = List.of();
        private long line;
        private long breaks;

        @Override
        protected void handleBegin(long startingLine) {
            values = new ArrayList<>();
            line = startingLine;
            breaks = 0;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            String value = new String(buffer, offset, length);
            values.add(value);
            if (quoted) {
                breaks += value.lines().count() + (value.endsWith("\n") ? 1 : 0) - (value.isEmpty() ? 0 : 1);
            }
        }

        @Override
        protected Row buildRecord() {
            return new Row(line, values);
        }
    }
}
