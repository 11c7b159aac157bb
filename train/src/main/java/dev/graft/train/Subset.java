package dev.graft.train;

import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Map;

/**
 * Some of other rows.
 *
 * @param numbers of the rows among the others, in the order in which they stand here
 */
record Subset(Rows rows, int[] numbers) implements Rows {
    @Override
    public int size() {
        return numbers.length;
    }

    @Override
    public int[] lengths() {
        int[] lengths = rows.lengths();
        return Arrays.stream(numbers).map(row -> lengths[row]).toArray();
    }

    @Override
    public Map<String, Array> inputs(int[] batch) {
        return rows.inputs(among(batch));
    }

    @Override
    public Array targets(int[] batch) {
        return rows.targets(among(batch));
    }

    @Override
    public String name(int row) {
        return rows.name(numbers[row]);
    }

    private int[] among(int[] batch) {
        return Arrays.stream(batch).map(row -> numbers[row]).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
