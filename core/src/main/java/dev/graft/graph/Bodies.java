package dev.graft.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/** The graphs inside a node. */
final class Bodies {
    private Bodies() {}

    static List<Block> of(Node node) {
        var found = new ArrayList<Block>();
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Body body) {
                found.add(body.value());
            } else if (attribute instanceof Attribute.Bodies bodies) {
                found.addAll(bodies.values());
            }
        }
        return found;
    }

    /** The node with each of its bodies changed. */
    static Node map(Node node, UnaryOperator<Block> change) {
        if (of(node).isEmpty()) {
            return node;
        }
        var attributes = new LinkedHashMap<>(node.attributes());
        attributes.replaceAll((name, attribute) -> {
            if (attribute instanceof Attribute.Body body) {
                return new Attribute.Body(change.apply(body.value()));
            } else if (attribute instanceof Attribute.Bodies bodies) {
                return new Attribute.Bodies(bodies.values().stream().map(change).toList());
            }
            return attribute;
        });
        return new Node(
                node.name(), node.operator(), node.domain(), node.inputs(), node.outputs(), attributes, node.extras());
    }
}
