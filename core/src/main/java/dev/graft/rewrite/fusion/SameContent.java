package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes each size once, from whichever value of that size comes first.
 *
 * <pre>
 * a = Gather(Shape(ids), 1); b = Gather(Shape(hidden), 1)  with both [batch, length, …]; f(a); g(b)  ⇒  f(a); g(a)
 * </pre>
 */
final class SameContent implements Pass {
    private record Key(List<Size> content, int rank, ElementType type) {}

    @Override
    public Graph apply(Known known) {
        Graph graph = known.graph();
        Facts facts = known.facts();
        Map<Key, String> first = new HashMap<>();
        Map<String, String> substitutes = new HashMap<>();
        for (Node node : graph.nodes()) {
            String value = node.outputs().isEmpty() ? "" : node.output();
            Optional<Key> key = facts.content(value)
                    .flatMap(content -> facts.shape(value)
                            .flatMap(shape -> facts.type(value).map(type -> new Key(content, shape.size(), type))));
            key.map(size -> first.putIfAbsent(size, value)).ifPresent(same -> substitutes.put(value, same));
        }
        return Substitution.apply(graph, substitutes);
    }
}
