package dev.graft.rewrite;

import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;

/**
 * What a rule puts in the place of the node that it matched.
 *
 * <p>The new nodes stand where the matched node stood and define every value of it that is still read. Nodes that only
 * the matched node needed are dropped afterwards, so a rule never lists what it removes.
 *
 * @param nodes in topological order
 * @param weights new weights by name
 */
public record Patch(List<Node> nodes, Map<String, Array> weights) {
    public Patch {
        nodes = List.copyOf(nodes);
        weights = Map.copyOf(weights);
    }

    /** A patch without new weights. */
    public static Patch of(Node... nodes) {
        return new Patch(List.of(nodes), Map.of());
    }
}
