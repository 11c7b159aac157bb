package dev.graft.graph;

import dev.graft.tensor.ElementType;
import java.util.Optional;

/** Element types by the numbers that files use. */
final class ElementTypes {
    private static final int KNOWN = ElementType.values().length;

    private ElementTypes() {}

    static Optional<ElementType> find(long code) {
        return code < 1 || code > KNOWN ? Optional.empty() : Optional.of(ElementType.of((int) code));
    }

    static ElementType require(String owner, long code) {
        return find(code)
                .orElseThrow(() -> new GraphException(owner + " has element type " + code + "; known are 1 (float) to "
                        + KNOWN + " (" + ElementType.of(KNOWN).text()
                        + "): export the model with another type"));
    }
}
