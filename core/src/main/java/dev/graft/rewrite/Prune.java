package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes what no output needs. */
public final class Prune {
    private Prune() {}

    /** The graph without nodes and weights on which no output depends; declared inputs stay. */
    public static Graph unread(Graph graph) {
        Set<String> needed = new HashSet<>();
        graph.outputs().stream().map(ValueInfo::name).forEach(needed::add);
        List<Node> kept = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                kept.add(node);
                needed.addAll(Links.readings(node));
            }
        }
        Collections.reverse(kept);
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.keySet().retainAll(needed);
        return kept.size() == graph.nodes().size()
                        && weights.size() == graph.weights().size()
                ? graph
                : graph.with(block -> block.withNodes(kept).withWeights(weights));
    }
}
