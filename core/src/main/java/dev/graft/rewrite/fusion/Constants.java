package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes each constant one weight, however many times a graph spells it.
 *
 * <pre>
 * a = Constant(2.0); b = Constant(2.0); Pow(x, a); Pow(y, b)  ⇒  Pow(x, a); Pow(y, a)  with the weight a = 2.0
 * </pre>
 *
 * <p>Real weights of one dimension or more stay apart even where they are equal, for training may tell them apart.
 */
final class Constants implements Pass {
    private static final int MOST_ELEMENTS = 64;

    @Override
    public Graph apply(Known known) {
        Graph plain = asWeights(known);
        Map<Array, String> first = new HashMap<>();
        Map<String, String> substitutes = new HashMap<>();
        plain.weights().forEach((name, array) -> {
            if (isConstant(array)) {
                String earlier = first.putIfAbsent(array, name);
                if (earlier != null) {
                    substitutes.put(name, earlier);
                }
            }
        });
        return Substitution.apply(plain, substitutes);
    }

    private static boolean isConstant(Array array) {
        return array.elements() <= MOST_ELEMENTS
                && (array.rank() == 0 || !array.type().isFloating());
    }

    private static Graph asWeights(Known known) {
        Graph graph = known.graph();
        Links links = known.links();
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        for (Node node : graph.nodes()) {
            Optional<Array> value = links.isOutput(node.output()) ? Optional.empty() : value(node);
            value.ifPresentOrElse(array -> weights.put(node.output(), array), () -> nodes.add(node));
        }
        return nodes.size() == graph.nodes().size()
                ? graph
                : graph.with(block -> block.withNodes(nodes).withWeights(weights));
    }

    private static Optional<Array> value(Node node) {
        if (!node.is("Constant") || node.attributes().size() != 1) {
            return Optional.empty();
        }
        Attribute value = node.attributes().values().iterator().next();
        if (value instanceof Attribute.Tensor tensor) {
            return Optional.of(tensor.value());
        }
        if (value instanceof Attribute.Whole whole) {
            return Optional.of(Array.scalar(whole.value()));
        }
        if (value instanceof Attribute.Real real) {
            return Optional.of(Array.scalar(real.value()));
        }
        if (value instanceof Attribute.Wholes wholes) {
            long[] numbers = wholes.values().stream().mapToLong(Long::longValue).toArray();
            return Optional.of(Array.of(numbers, numbers.length));
        }
        return Optional.empty();
    }
}
