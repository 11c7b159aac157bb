package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A table in memory: all rows of a file, or some that were drawn from them.
 *
 * @param rows in the order of the file
 * @param all how many rows the file has, no fewer than those that are here
 */
public record Table(Path file, List<String> columns, List<Row> rows, long all) {
    /** What a row and a value take beside their characters, in bytes. */
    private static final int ROW_OVERHEAD = 64;

    private static final int VALUE_OVERHEAD = 48;

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        if (all < rows.size()) {
            throw new IllegalArgumentException(rows.size() + " rows are not of a table of " + all);
        }
    }

    /** A table with all rows. */
    public Table(Path file, List<String> columns, List<Row> rows) {
        this(file, columns, rows, rows.size());
    }

    /**
     * Reads a CSV, TSV, JSON Lines or Parquet file.
     *
     * @throws InputException if the file is absent, empty or holds no rows; if rows are wrong, all are reported at once
     *     (at most 20 in full); or if the table would take more than half of the memory that Java may use
     */
    public static Table read(Path file) {
        return read(file, Runtime.getRuntime().maxMemory() / 2);
    }

    static Table read(Path file, long memory) {
        return read(file, Integer.MAX_VALUE, 0, memory);
    }

    /**
     * Reads a file of any size and holds no more than some of its rows, each as probable as any other. The same seed
     * draws the same rows.
     *
     * @param most rows to hold, 1 or more
     * @throws InputException as {@link #read(Path)}, of the rows that are held
     */
    public static Table drawn(Path file, int most, long seed) {
        if (most < 1) {
            throw new InputException("The number of rows to draw from " + file + " must be 1 or more, not " + most);
        }
        return read(file, most, seed, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Vitter's reservoir (1985, algorithm R): row n takes a place with a chance of most / n. */
    static Table read(Path file, int most, long seed, long memory) {
        try (RowSource source = RowSource.open(file)) {
            var random = new SplittableRandom(seed);
            List<Row> rows = new ArrayList<>();
            long all = 0;
            long taken = 0;
            for (Row row : source) {
                all++;
                if (rows.size() < most) {
                    rows.add(row);
                    taken += size(row);
                } else {
                    long place = random.nextLong(all);
                    if (place < most) {
                        taken += size(row) - size(rows.set((int) place, row));
                    }
                }
                if (taken > memory) {
                    throw tooLarge(file, row, memory);
                }
            }
            if (all > rows.size()) {
                rows.sort(Comparator.comparingLong(Row::line));
            }
            return new Table(file, source.columns(), rows, all);
        }
    }

    private static InputException tooLarge(Path file, Row row, long memory) {
        return new InputException(file + " is too large to be held in memory: more than " + (memory >> 20) + " MB by "
                + Findings.place(file, row.line())
                + ". Give Java more memory (-Xmx), or hold fewer rows (graft train --max-train-samples)");
    }

    private static long size(Row row) {
        long size = ROW_OVERHEAD;
        for (String value : row.values()) {
            size += VALUE_OVERHEAD + 2L * value.length();
        }
        return size;
    }
}
