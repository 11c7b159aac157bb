package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies rules to every node of a graph, in order, and drops what nothing needs afterwards. */
public final class Rules {
    private Rules() {}

    /**
     * One pass over the nodes for each rule in turn.
     *
     * <p>A rule sees the graph as it was when its pass began. Values that a pass leaves without a reader are removed
     * together with the nodes and weights that only they needed.
     */
    public static Rewrite each(Rule... rules) {
        return graph -> {
            Graph current = graph;
            for (Rule rule : rules) {
                current = pass(Links.of(current), rule);
            }
            return current;
        };
    }

    /** One pass over the nodes of the graph that these links belong to; the graph itself where no node matches. */
    public static Graph pass(Links links, Rule rule) {
        Graph graph = links.graph();
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        boolean changed = false;
        for (Node node : graph.nodes()) {
            Optional<Patch> patch = rule.match(links, node);
            if (patch.isPresent()) {
                nodes.addAll(patch.get().nodes());
                weights.putAll(patch.get().weights());
                changed = true;
            } else {
                nodes.add(node);
            }
        }
        return changed ? Prune.unread(graph.with(block -> block.withNodes(nodes).withWeights(weights))) : graph;
    }
}
