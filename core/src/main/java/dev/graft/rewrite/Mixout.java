package dev.graft.rewrite;

import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.LINEAR;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Mixes the weights of linear layers with what they were at the start (mixout; Lee et al. 2020): in each step of learning
 * a number of a weight is its old self with a probability, and else lies so far beyond what it is that the mean stays.
 *
 * <pre>
 * x · w   ⇒   x · (start + dropout(w - start))
 * </pre>
 *
 * <p>Outside training the graph computes what it did, but for rounding.
 *
 * @param rate the probability, 0 up to 1; 0 changes nothing
 * @param starts weights as they began, by name; those that are no matrix of a product are left alone
 */
public record Mixout(double rate, Map<String, Array> starts) implements Rewrite {
    public Mixout {
        starts = Map.copyOf(starts);
        if (!(rate >= 0 && rate < 1)) {
            throw new InputException("The rate of mixout must be 0 or more and below 1, not " + rate);
        }
    }

    @Override
    public Graph apply(Graph graph) {
        Builder builder = new Builder(graph, "mixout");
        Map<String, String> mixed = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (rate > 0 && isProduct(graph, node)) {
                String weight = node.input(1);
                List<String> operands = new ArrayList<>(node.inputs());
                operands.set(1, mixed.computeIfAbsent(weight, name -> mixed(builder, name)));
                nodes.add(node.reading(operands));
            } else {
                nodes.add(node);
            }
        }
        if (mixed.isEmpty()) {
            return graph;
        }
        nodes.addAll(0, builder.nodes());
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(builder.weights());
        return graph.withNodes(nodes, weights);
    }

    private boolean isProduct(Graph graph, Node node) {
        boolean product = node.is("MatMul")
                || node.is("Gemm")
                || node.domain().equals(DOMAIN) && node.operator().equals(LINEAR);
        return product && starts.containsKey(node.input(1)) && graph.weights().containsKey(node.input(1));
    }

    private String mixed(Builder builder, String weight) {
        String start = builder.weight(weight, Objects.requireNonNull(starts.get(weight)));
        String moved = builder.node("Sub", weight + "/moved", weight, start);
        return builder.node("Add", weight, start, builder.dropout(weight + "/kept", moved, rate));
    }
}
