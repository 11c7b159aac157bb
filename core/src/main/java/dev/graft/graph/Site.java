package dev.graft.graph;

import java.util.List;

/** A place in a graph that a {@link Selector} can select: a node, or a weight with the nodes that read it. */
public sealed interface Site permits NodeSite, WeightSite {
    /** The name of the node or weight. */
    String name();

    /** The operators of the nodes here. */
    List<String> operators();

    /** The scopes of the nodes here, each once. */
    List<String> scopes();

    /** Embeddings 0, blocks 1 to n, head n + 1; see {@link Depths}. */
    int depth();
}
