package dev.graft.graph;

import java.util.HashSet;
import java.util.Set;

/** The check that every graph passes when it is made. */
final class Check {
    private Check() {}

    static void graph(Block main) {
        block(main, new HashSet<>());
    }

    private static void block(Block block, Set<String> outer) {
        var known = new HashSet<>(outer);
        var here = new HashSet<String>();
        known.addAll(block.weights().keySet());
        here.addAll(block.weights().keySet());
        for (ValueInfo input : block.inputs()) {
            if (!here.add(input.name()) && !block.weights().containsKey(input.name())) {
                throw new GraphException("Two inputs of graph '" + block.name() + "' are named '" + input.name()
                        + "'; each value is defined once");
            }
            known.add(input.name());
        }
        for (Node node : block.nodes()) {
            node(node, known, here);
        }
        for (ValueInfo output : block.outputs()) {
            if (!known.contains(output.name())) {
                throw new GraphException("Output '" + output.name() + "' of graph '" + block.name()
                        + "' is defined by no node, input or weight");
            }
        }
    }

    private static void node(Node node, Set<String> known, Set<String> here) {
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !known.contains(input)) {
                throw new GraphException("The " + node.label() + " reads '" + input
                        + "', which nothing before it defines; the nodes are out of order, form a cycle, or one is"
                        + " missing");
            }
        }
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Body body) {
                block(body.value(), known);
            } else if (attribute instanceof Attribute.Bodies bodies) {
                bodies.values().forEach(body -> block(body, known));
            }
        }
        for (String output : node.outputs()) {
            if (output.isEmpty()) {
                continue;
            }
            if (!here.add(output)) {
                throw new GraphException("The " + node.label() + " defines '" + output + "', which is defined before;"
                        + " each value is defined once");
            }
            known.add(output);
        }
    }
}
