package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Prune;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces what does not depend on the input by a constant: whole numbers that follow from shapes, and arithmetic on
 * single real numbers.
 *
 * <pre>
 * Sqrt(Div(1, Sqrt(Cast(Slice(Shape(q), -1)))))  with q [batch, heads, length, 6]  ⇒  0.63894
 * </pre>
 */
final class FoldConstants implements Pass {
    @Override
    public Graph apply(Known known) {
        Graph graph = known.graph();
        Facts facts = known.facts();
        Links links = known.links();
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        for (Node node : graph.nodes()) {
            boolean may = node.domain().isEmpty() && node.outputs().size() == 1 && !links.isOutput(node.output());
            Optional<Array> value = may ? whole(node, facts).or(() -> real(node, weights)) : Optional.empty();
            value.ifPresentOrElse(array -> weights.put(node.output(), array), () -> nodes.add(node));
        }
        return nodes.size() == graph.nodes().size()
                ? graph
                : Prune.unread(graph.with(block -> block.withNodes(nodes).withWeights(weights)));
    }

    private static Optional<Array> whole(Node node, Facts facts) {
        Optional<List<Size>> content =
                facts.content(node.output()).filter(sizes -> sizes.stream().allMatch(Size::isFixed));
        Optional<ElementType> type = facts.type(node.output());
        if (content.isEmpty() || type.isEmpty() || facts.shape(node.output()).isEmpty()) {
            return Optional.empty();
        }
        long[] numbers = content.get().stream().mapToLong(Size::factor).toArray();
        long[] shape = facts.shape(node.output()).get().isEmpty() ? new long[0] : new long[] {numbers.length};
        return Scalars.array(numbers, type.get(), shape);
    }

    private static Optional<Array> real(Node node, Map<String, Array> weights) {
        List<Array> operands = node.inputs().stream()
                .filter(weights::containsKey)
                .map(weights::get)
                .filter(array -> array.type() == ElementType.FLOAT && array.elements() == 1)
                .toList();
        if (operands.isEmpty() || operands.size() != node.inputs().size()) {
            return Optional.empty();
        }
        float a = operands.get(0).floats()[0];
        float b = operands.get(operands.size() - 1).floats()[0];
        int rank = operands.stream().mapToInt(Array::rank).max().orElse(0);
        return Scalars.apply(node, a, b).map(result -> Array.of(new float[] {result}, ones(rank)));
    }

    private static long[] ones(int rank) {
        long[] shape = new long[rank];
        java.util.Arrays.fill(shape, 1);
        return shape;
    }
}
