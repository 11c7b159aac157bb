package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph in which nodes are replaced by several and weights are added. */
final class Growth {
    private final Graph graph;
    private final Names names;
    private final Map<String, Array> weights;
    private final Map<String, List<Node>> replaced = new LinkedHashMap<>();

    Growth(Graph graph) {
        this.graph = graph;
        this.names = Names.in(graph);
        this.weights = new LinkedHashMap<>(graph.weights());
    }

    /** A graph with those of the tuned weights that it has. */
    static Growth over(Graph graph, Map<String, Array> tuned) {
        Growth growth = new Growth(graph);
        growth.weights.replaceAll((name, array) -> tuned.getOrDefault(name, array));
        return growth;
    }

    String fresh(String wish) {
        return names.fresh(wish);
    }

    boolean has(String weight) {
        return weights.containsKey(weight);
    }

    /** Adds a weight, or gives one that is there another value; returns its name. */
    String weight(String name, Array array) {
        weights.put(name, array);
        return name;
    }

    /** Puts nodes in the place of one, those of a branch and a last one behind a first. */
    void replace(Node node, Node first, List<Node> branch, Node last) {
        List<Node> by = new ArrayList<>(List.of(first));
        by.addAll(branch);
        by.add(last);
        replaced.put(node.output(), by);
    }

    void replace(Node node, Node... by) {
        replaced.put(node.output(), List.of(by));
    }

    Graph grown() {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.addAll(
                    node.outputs().isEmpty() ? List.of(node) : replaced.getOrDefault(node.output(), List.of(node)));
        }
        return graph.withNodes(nodes, weights);
    }
}
