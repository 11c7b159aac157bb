package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.tensor.Origin;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes where they lie, and how to read them without looking at them there. */
record Extent(ByteBuffer bytes, Optional<Origin> origin) {
    static Extent of(ByteBuffer bytes) {
        return new Extent(bytes, Optional.empty());
    }

    Array array(ElementType type, long[] shape) {
        Array array = Array.of(type, shape, bytes);
        return origin.map(array::from).orElse(array);
    }
}
