package dev.graft.run;

import dev.graft.tensor.Array;
import java.util.Map;

/** A graph that is ready to run; safe for use by several threads unless the implementation says otherwise. */
public interface Session extends AutoCloseable {
    /**
     * Computes all outputs.
     *
     * @param inputs an array for every input of the graph, by name; others are refused
     * @return an array for every output of the graph, by name, in the graph's order
     * @throws dev.graft.graph.GraphException if an input is missing or unfit, or a node fails; the node is named
     */
    Map<String, Array> run(Map<String, Array> inputs);

    /** Frees native memory; the session cannot be used afterwards. */
    @Override
    void close();
}
