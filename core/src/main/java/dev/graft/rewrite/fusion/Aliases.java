package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets nodes read a value itself where they read a mere copy of it.
 *
 * <pre>
 * w2 = Identity(w); MatMul(x, w2)             ⇒  MatMul(x, w)
 * b = Equal(…); Where(Cast&lt;bool&gt;(b), …)       ⇒  Where(b, …)
 * y = Expand(x, shape of x)                   ⇒  x
 * </pre>
 */
final class Aliases implements Pass {
    @Override
    public Graph apply(Known known) {
        Graph graph = known.graph();
        Facts facts = known.facts();
        Map<String, String> substitutes = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (isCopy(node, facts)) {
                substitutes.put(node.output(), substitutes.getOrDefault(node.input(0), node.input(0)));
            }
        }
        return Substitution.apply(graph, substitutes);
    }

    private static boolean isCopy(Node node, Facts facts) {
        if (!node.domain().isEmpty()) {
            return false;
        }
        return switch (node.operator()) {
            case "Identity" -> true;
            case "Cast" ->
                facts.type(node.input(0)).equals(facts.type(node.output()))
                        && facts.type(node.input(0)).isPresent();
            case "Reshape", "Expand" ->
                facts.shape(node.input(0)).equals(facts.shape(node.output()))
                        && facts.shape(node.input(0)).isPresent();
            default -> false;
        };
    }
}
