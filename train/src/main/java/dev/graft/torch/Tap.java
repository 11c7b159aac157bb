package dev.graft.torch;

import dev.graft.graph.Node;
import java.util.List;

/** Sees each node of a run after it has run, those of bodies included, as often as they run. */
@FunctionalInterface
interface Tap {
    /** Sees nothing. */
    Tap NONE = (node, operands, results) -> {};

    /**
     * A node has run.
     *
     * @param operands the shapes of its operands; an empty array where one is left out
     * @param results the shapes of its results; an empty array where nobody wants one
     */
    void ran(Node node, List<long[]> operands, List<long[]> results);
}
