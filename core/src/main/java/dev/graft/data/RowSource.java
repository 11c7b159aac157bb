package dev.graft.data;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV, TSV, JSON Lines or Parquet file, read one by one, so that files of any size fit.
 *
 * <p>Text is UTF-8 with or without a mark. Rows that are wrong (a torn row, a bad byte, a NUL, a value of
 * {@value #LONGEST_VALUE} characters or more) are left out, and reported together, at most 20 of them in full, by an
 * {@link InputException} when the rows are at their end. The rows can be gone through once.
 */
public final class RowSource implements Iterable<Row>, Closeable {
    /** A value must be shorter than this, in characters (UTF-16 units). */
    public static final int LONGEST_VALUE = 1_000_000;

    private static final int SAMPLED = 100;

    private final Path file;
    private final RowReader reader;
    private final Findings findings;
    private final Deque<Row> ahead = new ArrayDeque<>();
    private final List<Row> sample;

    private RowSource(Path file, RowReader reader, Findings findings) throws IOException {
        this.file = file;
        this.reader = reader;
        this.findings = findings;
        for (Row row = sound(); row != null; row = ahead.size() < SAMPLED ? sound() : null) {
            ahead.add(row);
        }
        this.sample = List.copyOf(ahead);
        if (sample.isEmpty()) {
            findings.throwIfAny();
            throw new InputException(file + " has no rows, only a header: " + String.join(", ", reader.columns()));
        }
    }

    /**
     * Opens a table; its format follows from its first bytes and its extension.
     *
     * @throws InputException if there is no such file, or it holds no table with at least one row
     */
    public static RowSource open(Path file) {
        refuseAbsent(file);
        try {
            Findings findings = new Findings(file);
            RowReader reader = reader(file, findings);
            try {
                return new RowSource(file, reader, findings);
            } catch (IOException | RuntimeException failure) {
                reader.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw unreadable(file, failure);
        } catch (UncheckedIOException failure) {
            throw unreadable(file, failure);
        }
    }

    /** The file that is read. */
    public Path file() {
        return file;
    }

    /** The names of the columns, in order. */
    public List<String> columns() {
        return reader.columns();
    }

    /** The first rows, up to 100, which the iteration gives too. */
    public List<Row> sample() {
        return sample;
    }

    @Override
    public Iterator<Row> iterator() {
        return new Rows();
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    private @Nullable Row take() {
        Row buffered = ahead.poll();
        try {
            Row row = buffered != null ? buffered : sound();
            if (row == null) {
                findings.throwIfAny();
            }
            return row;
        } catch (IOException | UncheckedIOException failure) {
            throw unreadable(file, failure);
        }
    }

    /** The next row that is as it should be. */
    private @Nullable Row sound() throws IOException {
        Row row = reader.next();
        while (row != null && !isSound(row)) {
            row = reader.next();
        }
        return row;
    }

    private boolean isSound(Row row) {
        int expected = reader.columns().size();
        if (row.values().size() != expected) {
            findings.add(
                    row.line(),
                    "the row has " + row.values().size() + " fields, the header " + expected
                            + "; quote fields that hold the separator");
            return false;
        }
        for (int i = 0; i < expected; i++) {
            int length = row.values().get(i).length();
            if (length >= LONGEST_VALUE) {
                findings.add(
                        row.line(),
                        "column '" + reader.columns().get(i) + "' holds " + length + " characters, fewer than "
                                + LONGEST_VALUE + " are allowed; shorten or split the text");
                return false;
            }
        }
        return true;
    }

    static void refuseAbsent(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a folder; a CSV, TSV, JSON Lines or Parquet file was expected");
        }
        if (!Files.exists(file)) {
            throw new InputException("There is no file " + file + near(file));
        }
        if (!Files.isReadable(file)) {
            throw new InputException("The file " + file + " may not be read; check its permissions");
        }
    }

    /** Suggests a file of a similar name in the same folder. */
    private static String near(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return "";
        }
        try (var entries = Files.list(folder)) {
            List<String> names = entries.filter(Files::isRegularFile)
                    .limit(10_000)
                    .map(each -> each.getFileName().toString())
                    .sorted()
                    .toList();
            return Suggestion.text(file.getFileName().toString(), names);
        } catch (IOException unlisted) {
            return "";
        }
    }

    private static RowReader reader(Path file, Findings findings) throws IOException {
        Format format = Format.of(file);
        if (format == Format.PARQUET) {
            return parquet(file, findings);
        }
        Utf8Reader text = new Utf8Reader(Files.newInputStream(file), findings);
        try {
            return switch (format) {
                case CSV -> new CsvRows(file, text, Format.separator(file), findings);
                case TSV -> new CsvRows(file, text, '\t', findings);
                case JSON_LINES -> new JsonRows(file, text, findings);
                case PARQUET -> throw new IllegalStateException("Parquet is not text");
            };
        } catch (IOException | RuntimeException failure) {
            text.close();
            throw failure;
        }
    }

    private static RowReader parquet(Path file, Findings findings) throws IOException {
        try {
            return ParquetRows.open(file, findings);
        } catch (NoClassDefFoundError absent) {
            throw new InputException(
                    file + " is a Parquet file, and the library that reads those is not on the class path;"
                            + " add blue.strategic.parquet:parquet-floor, or save the table as CSV or JSON Lines",
                    absent);
        }
    }

    static InputException unreadable(Path file, Exception failure) {
        return new InputException("Cannot read " + file + ": " + failure.getMessage(), failure);
    }

    private final class Rows implements Iterator<Row> {
        private @Nullable Row next;

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = take();
            }
            return next != null;
        }

        @Override
        public Row next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException("No rows are left in " + file);
            }
            Row row = next;
            next = null;
            return row;
        }
    }
}
