package dev.graft.data;

import java.util.List;

/**
 * A row of a table, a value a column; a missing value is an empty string.
 *
 * @param line where the row begins in its file, from 1; in Parquet, which has no lines, the row's own number from 1
 */
public record Row(long line, List<String> values) {
    public Row {
        values = List.copyOf(values);
    }
}
