package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shape of one row of a value, which is stored without padding.
 *
 * @param value the name of the value
 * @param sizes of the dimensions behind that of the rows; {@link #LENGTH} is the row's own length
 */
record RowShape(String value, List<Long> sizes) {
    /** A dimension that is as long as the row. */
    static final long LENGTH = -1;

    RowShape {
        sizes = List.copyOf(sizes);
    }

    /**
     * Tells the shape from what came of the shortest row alone and of the longest row twice.
     *
     * @return empty where the value is no float, has no dimension for rows, or varies by more than the rows' length
     */
    static Optional<RowShape> of(String value, Array alone, int shortest, Array both, int longest) {
        boolean rows = alone.rank() >= 1 && alone.rank() == both.rank() && alone.size(0) == 1 && both.size(0) == 2;
        if (!rows || alone.type() != ElementType.FLOAT) {
            return Optional.empty();
        }
        List<Long> sizes = new ArrayList<>();
        for (int i = 1; i < alone.rank(); i++) {
            if (alone.size(i) == both.size(i)) {
                sizes.add(alone.size(i));
            } else if (alone.size(i) == shortest && both.size(i) == longest) {
                sizes.add(LENGTH);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new RowShape(value, sizes));
    }

    /** Whether rows of other lengths take other space. */
    boolean varies() {
        return sizes.contains(LENGTH);
    }

    /** The elements of a row of a length. */
    long elements(int length) {
        return elements(0, length);
    }

    /** Where each row begins when rows of these lengths stand one after another. */
    int[] places(int[] lengths) {
        int[] places = new int[lengths.length];
        long place = 0;
        for (int row = 0; row < lengths.length; row++) {
            places[row] = Math.toIntExact(place);
            place += elements(lengths[row]);
        }
        return places;
    }

    private long elements(int from, int length) {
        long elements = 1;
        for (long size : sizes.subList(from, sizes.size())) {
            elements = Math.multiplyExact(elements, size == LENGTH ? length : size);
        }
        return elements;
    }

    /** The shape of a batch. */
    long[] batch(int rows, int length) {
        long[] shape = new long[sizes.size() + 1];
        shape[0] = rows;
        for (int i = 0; i < sizes.size(); i++) {
            shape[i + 1] = sizes.get(i) == LENGTH ? length : sizes.get(i);
        }
        return shape;
    }

    /**
     * Copies a row that is laid out for one length to where it is laid out for another; what the shorter lacks is left
     * as it is.
     */
    void copy(FloatBuffer from, int fromAt, int fromLength, FloatBuffer to, int toAt, int toLength) {
        copy(0, from, fromAt, fromLength, to, toAt, toLength);
    }

    private void copy(
            int dimension, FloatBuffer from, int fromAt, int fromLength, FloatBuffer to, int toAt, int toLength) {
        if (fromLength == toLength || !sizes.subList(dimension, sizes.size()).contains(LENGTH)) {
            to.put(toAt, from, fromAt, Math.toIntExact(elements(dimension, fromLength)));
            return;
        }
        long size = sizes.get(dimension);
        int fromStep = Math.toIntExact(elements(dimension + 1, fromLength));
        int toStep = Math.toIntExact(elements(dimension + 1, toLength));
        int count = size == LENGTH ? Math.min(fromLength, toLength) : Math.toIntExact(size);
        if (fromStep == toStep) {
            to.put(toAt, from, fromAt, Math.multiplyExact(count, fromStep));
            return;
        }
        for (int i = 0; i < count; i++) {
            copy(dimension + 1, from, fromAt + i * fromStep, fromLength, to, toAt + i * toStep, toLength);
        }
    }
}
