package dev.graft.train;

import dev.graft.InputException;
import dev.graft.tensor.Array;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rows that are arrays already: images, sounds, tables of numbers.
 *
 * <p>Each array holds all rows, one after the other along its first dimension, and belongs to one input of the graph.
 */
public final class ArrayRows implements Rows {
    private final Map<String, Array> inputs;
    private final int[] labels;

    /**
     * Labelled rows.
     *
     * @param inputs all rows by the name of the graph's input: [rows, ...]
     * @param labels the class number of each row
     * @throws InputException if an array holds another number of rows than there are labels
     */
    public ArrayRows(Map<String, Array> inputs, int[] labels) {
        inputs.forEach((name, array) -> {
            if (array.rank() == 0 || array.size(0) != labels.length) {
                throw new InputException("Input '" + name + "' must hold " + labels.length
                        + " rows, one for each label, but is " + array);
            }
        });
        this.inputs = new LinkedHashMap<>(inputs);
        this.labels = labels.clone();
    }

    @Override
    public int size() {
        return labels.length;
    }

    /** One for each row: all rows cost the same. */
    @Override
    public int[] lengths() {
        int[] lengths = new int[labels.length];
        Arrays.fill(lengths, 1);
        return lengths;
    }

    @Override
    public Map<String, Array> inputs(int[] rows) {
        Map<String, Array> batch = new LinkedHashMap<>();
        inputs.forEach((name, array) -> batch.put(name, gather(array, rows)));
        return batch;
    }

    @Override
    public Array targets(int[] rows) {
        return Array.of(Arrays.stream(rows).mapToLong(row -> labels[row]).toArray(), rows.length);
    }

    @Override
    public String name(int row) {
        return "row " + row + " (class " + labels[row] + ")";
    }

    private static Array gather(Array all, int[] rows) {
        ByteBuffer source = all.bytes();
        int size = source.remaining() / Math.max(1, Math.toIntExact(all.size(0)));
        ByteBuffer target = Array.allocate((long) size * rows.length);
        for (int i = 0; i < rows.length; i++) {
            target.put(i * size, source, rows[i] * size, size);
        }
        long[] shape = all.shape();
        shape[0] = rows.length;
        return Array.of(all.type(), shape, target);
    }
}
