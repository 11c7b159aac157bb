package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes once what a graph computes twice.
 *
 * <pre>
 * a = Sub(1, m); b = Sub(1, m); f(a); g(b)  ⇒  a = Sub(1, m); f(a); g(a)
 * </pre>
 *
 * <p>Nodes that draw random numbers and nodes with bodies are left as they are.
 */
final class CommonNodes implements Pass {
    private static final Set<String> RANDOM = Set.of(
            "Dropout",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Multinomial",
            "Bernoulli",
            FusedOperators.DROPOUT_ADD);

    private record Key(
            String operator, String domain, List<String> inputs, Map<String, Attribute> attributes, int outputs) {}

    @Override
    public Graph apply(Known known) {
        Graph graph = known.graph();
        Map<Key, Node> first = new HashMap<>();
        Map<String, String> substitutes = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (!isPure(node)) {
                continue;
            }
            Node current = Substitution.rewired(node, substitutes);
            Key key = new Key(
                    current.operator(),
                    current.domain(),
                    current.inputs(),
                    current.attributes(),
                    current.outputs().size());
            Node earlier = first.putIfAbsent(key, current);
            if (earlier != null) {
                for (int i = 0; i < current.outputs().size(); i++) {
                    substitutes.put(current.outputs().get(i), earlier.outputs().get(i));
                }
            }
        }
        substitutes.remove("");
        return Substitution.apply(graph, substitutes);
    }

    private static boolean isPure(Node node) {
        return !RANDOM.contains(node.operator())
                && node.outputs().stream().noneMatch(String::isEmpty)
                && node.attributes().values().stream()
                        .noneMatch(value -> value instanceof Attribute.Body || value instanceof Attribute.Bodies);
    }
}
