package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.rewrite.Prune;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets nodes read one value in the place of another that is the same. */
final class Substitution {
    private Substitution() {}

    /**
     * The graph with its nodes reading the substitutes; what is then unread is dropped.
     *
     * <p>Bodies inside nodes and the graph's outputs keep reading the old names.
     *
     * @param substitutes by the name that they replace; none of them is replaced itself
     */
    static Graph apply(Graph graph, Map<String, String> substitutes) {
        boolean changed = false;
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean reads = node.inputs().stream().anyMatch(substitutes::containsKey);
            nodes.add(reads ? rewired(node, substitutes) : node);
            changed |= reads;
        }
        return changed ? Prune.unread(graph.withNodes(nodes)) : graph;
    }

    /** The node reading the substitutes. */
    static Node rewired(Node node, Map<String, String> substitutes) {
        return node.reading(node.inputs().stream()
                .map(input -> substitutes.getOrDefault(input, input))
                .toList());
    }
}
