package dev.graft.graph;

import java.util.Arrays;
import java.util.List;

/** A growing list of whole numbers without boxes. */
final class Numbers {
    private long[] values = new long[8];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    long at(int index) {
        return values[index];
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }

    List<Long> toList() {
        return Arrays.stream(values, 0, size).boxed().toList();
    }
}
