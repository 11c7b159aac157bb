package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code SparseTensorProto} as the full array that it stands for.
 *
 * <p>A few bytes can claim an array of any size, so no more than {@value #LARGEST} bytes are filled in.
 */
final class SparseReader {
    private static final long LARGEST = 256L << 20;

    private final String owner;
    private final long[] shape;
    private final Array values;
    private final Array indices;

    private SparseReader(String owner, long[] shape, Array values, Array indices) {
        this.owner = owner;
        this.shape = shape;
        this.values = values;
        this.indices = indices;
    }

    /** A sparse tensor as it was read: the name is that of its values. */
    record Sparse(String name, Array dense) {}

    static Sparse read(Wire wire, ExternalData files) {
        TensorReader.@Nullable Tensor values = null;
        Optional<Array> indices = Optional.empty();
        var dims = new Numbers();
        while (wire.next()) {
            switch (wire.number()) {
                case 1 -> values = TensorReader.read(wire.message(), files, "the values of sparse weight");
                case 2 ->
                    indices = Optional.of(TensorReader.read(wire.message(), files, "the indices of sparse weight")
                            .array());
                case 3 -> wire.wholes(dims::add);
                default -> {
                    // Kept with the whole field.
                }
            }
        }
        if (values == null || indices.isEmpty()) {
            throw wire.wrong("a sparse weight lacks its values or its indices; export the model again");
        }
        String owner = wire.where("sparse weight '" + values.name() + "'");
        var reader = new SparseReader(owner, dims.toArray(), values.array(), indices.get());
        return new Sparse(values.name(), reader.dense());
    }

    private Array dense() {
        ElementType type = values.type();
        if (type.bits() % 8 != 0 || type == ElementType.STRING || indices.type() != ElementType.INT64) {
            throw refused("holds " + values + " at " + indices + "; whole bytes at int64 positions are supported");
        }
        long elements = elements();
        int width = type.bits() / 8;
        if (elements > LARGEST / width) {
            throw refused("stands for more than " + LARGEST + " bytes");
        }
        ByteBuffer all = Array.allocate(elements * width);
        ByteBuffer given = values.bytes();
        ByteBuffer positions = indices.bytes();
        long count = values.elements();
        boolean linear = indices.rank() == 1;
        if (indices.elements() != (linear ? count : count * shape.length)) {
            throw refused("has " + values + " values but " + indices + " positions");
        }
        for (int i = 0; i < count; i++) {
            long position = linear ? positions.getLong() : position(positions);
            if (position < 0 || position >= elements) {
                throw refused("has a value outside its shape");
            }
            all.put((int) position * width, given, i * width, width);
        }
        return Array.of(type, shape, all);
    }

    private long elements() {
        long count = 1;
        for (long size : shape) {
            if (size < 0 || size > 0 && count > LARGEST / size) {
                throw refused("has a size that cannot be");
            }
            count *= size;
        }
        return count;
    }

    private long position(ByteBuffer positions) {
        long position = 0;
        for (long size : shape) {
            long step = positions.getLong();
            if (step < 0 || step >= size) {
                throw refused("has a value outside its shape");
            }
            position = position * size + step;
        }
        return position;
    }

    private GraphException refused(String why) {
        return new GraphException(owner + " " + why + "; export the model with that weight written in full");
    }
}
