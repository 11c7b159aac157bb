package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A whole table in memory. */
public record Table(Path file, List<String> columns, List<Row> rows) {
    /** What a row and a value take beside their characters, in bytes. */
    private static final int ROW_OVERHEAD = 64;

    private static final int VALUE_OVERHEAD = 48;

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
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
        try (RowSource source = RowSource.open(file)) {
            List<Row> rows = new ArrayList<>();
            long taken = 0;
            for (Row row : source) {
                taken += size(row);
                if (taken > memory) {
                    throw new InputException(file + " is too large to be held in memory: more than " + (memory >> 20)
                            + " MB by " + Findings.place(file, row.line())
                            + ". Give Java more memory (-Xmx), or fewer rows");
                }
                rows.add(row);
            }
            return new Table(file, source.columns(), rows);
        }
    }

    private static long size(Row row) {
        long size = ROW_OVERHEAD;
        for (String value : row.values()) {
            size += VALUE_OVERHEAD + 2L * value.length();
        }
        return size;
    }
}
