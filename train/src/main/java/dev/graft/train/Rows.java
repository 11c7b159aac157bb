package dev.graft.train;

import dev.graft.tensor.Array;
import java.util.Map;

/** Encoded, labelled rows, as the loop sees them: whatever they were made of. */
public interface Rows {
    /** The number of rows. */
    int size();

    /** The cost of each row, for grouping rows of like cost: for a text its number of tokens. */
    int[] lengths();

    /** The arrays of a batch, by the names of the graph's inputs; the first dimension is the row. */
    Map<String, Array> inputs(int[] rows);

    /**
     * The targets of a batch: int64 [rows], the index of each row's label; for several labels or a number a row float
     * [rows, outputs].
     */
    Array targets(int[] rows);

    /** How an error names a row: its file, line and beginning. */
    String name(int row);
}
