package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.Names;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the taken branch in the place of an {@code If} whose condition is a constant.
 *
 * <pre>
 * y = If(false) then {…} else {z = f(x)}  ⇒  z = f(x); y = Identity(z)
 * </pre>
 */
final class InlineIf implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        Array condition = links.graph().weights().get(node.input(0));
        if (!node.is("If") || condition == null || condition.type() != ElementType.BOOL || condition.elements() != 1) {
            return Optional.empty();
        }
        String branch = condition.longs()[0] != 0 ? "then_branch" : "else_branch";
        return node.attributes().get(branch) instanceof Attribute.Body body && isFlat(body.value())
                ? Optional.of(inlined(Names.in(links.graph()), node, body.value()))
                : Optional.empty();
    }

    private static boolean isFlat(Block block) {
        return block.nodes().stream()
                .flatMap(node -> node.attributes().values().stream())
                .noneMatch(value -> value instanceof Attribute.Body || value instanceof Attribute.Bodies);
    }

    private static Patch inlined(Names names, Node node, Block block) {
        Map<String, String> renamed = new HashMap<>();
        Map<String, Array> weights = new LinkedHashMap<>();
        block.weights().forEach((name, array) -> weights.put(rename(name, node, names, renamed), array));
        List<Node> nodes = new ArrayList<>();
        for (Node inner : block.nodes()) {
            Node reading = Substitution.rewired(inner, renamed);
            nodes.add(reading.defining(inner.outputs().stream()
                    .map(output -> rename(output, node, names, renamed))
                    .toList()));
        }
        List<ValueInfo> results = block.outputs();
        for (int i = 0; i < node.outputs().size(); i++) {
            String result = results.get(i).name();
            nodes.add(Node.of("Identity", node.outputs().get(i), renamed.getOrDefault(result, result)));
        }
        return new Patch(nodes, weights);
    }

    private static String rename(String name, Node node, Names names, Map<String, String> renamed) {
        if (name.isEmpty()) {
            return name;
        }
        return renamed.computeIfAbsent(name, inner -> names.fresh(node.output() + "/" + inner));
    }
}
