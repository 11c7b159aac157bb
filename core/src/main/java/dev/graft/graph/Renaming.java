package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Gives the values of a function's nodes the names, and its attributes the values, that hold at one call. */
final class Renaming {
    private final Map<String, String> names;
    private final UnaryOperator<String> fresh;
    private final String prefix;
    private final Map<String, Attribute> attributes;

    /**
     * A renaming.
     *
     * @param names what is known already; values that turn up later are added
     * @param fresh makes the name of a value that is not known
     */
    Renaming(Map<String, String> names, UnaryOperator<String> fresh, String prefix, Map<String, Attribute> attributes) {
        this.names = new HashMap<>(names);
        this.fresh = fresh;
        this.prefix = prefix;
        this.attributes = attributes;
    }

    Node node(Node node) {
        Node resolved = new Node(
                node.name().isEmpty() ? "" : prefix + node.name(),
                node.operator(),
                node.domain(),
                renamed(node.inputs()),
                renamed(node.outputs()),
                resolved(node),
                node.extras());
        return Bodies.map(resolved, this::block);
    }

    private Map<String, Attribute> resolved(Node node) {
        var values = new LinkedHashMap<String, Attribute>();
        node.attributes().forEach((name, value) -> {
            Attribute meant = value instanceof Attribute.Reference reference ? attributes.get(reference.name()) : value;
            if (meant != null) {
                values.put(name, meant);
            }
        });
        return values;
    }

    private Block block(Block body) {
        var weights = new LinkedHashMap<String, Array>();
        body.weights().forEach((name, array) -> weights.put(renamed(name), array));
        List<ValueInfo> inputs = values(body.inputs());
        List<Node> nodes = body.nodes().stream().map(this::node).toList();
        return new Block(body.name(), inputs, values(body.outputs()), nodes, weights, List.of(), Extras.NONE);
    }

    private List<ValueInfo> values(List<ValueInfo> values) {
        return values.stream()
                .map(value -> new ValueInfo(renamed(value.name()), value.type(), value.shape(), value.extras()))
                .toList();
    }

    private List<String> renamed(List<String> values) {
        return values.stream().map(this::renamed).toList();
    }

    private String renamed(String value) {
        return names.computeIfAbsent(value, fresh::apply);
    }
}
