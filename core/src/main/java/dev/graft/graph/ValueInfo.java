package dev.graft.graph;

import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a graph declares of one of its values: a name and, for a tensor, its element type and shape.
 *
 * @param name unique within its graph
 * @param type the element type, or empty where the value is no plain tensor (then {@code extras} hold its type)
 * @param shape the dimensions, or empty where the rank is not declared
 * @param extras what the file says beyond these, kept as it came
 */
public record ValueInfo(String name, Optional<ElementType> type, Optional<List<Dimension>> shape, Extras extras) {
    public ValueInfo {
        Objects.requireNonNull(name, "name");
        shape = shape.map(List::copyOf);
    }

    /** A tensor with a declared shape. */
    public static ValueInfo of(String name, ElementType type, Dimension... shape) {
        return new ValueInfo(name, Optional.of(type), Optional.of(List.of(shape)), Extras.NONE);
    }
}
