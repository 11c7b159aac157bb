package dev.graft.graph;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The check that every graph passes when it is made. */
final class Check {
    private final Block block;
    private final @Nullable Check around;
    private final Set<String> defined = new HashSet<>();

    private Check(Block block, @Nullable Check around) {
        this.block = block;
        this.around = around;
    }

    static void graph(Block main) {
        new Check(main, null).block();
    }

    private void block() {
        defined.addAll(block.weights().keySet());
        for (ValueInfo input : block.inputs()) {
            if (!defined.add(input.name()) && !block.weights().containsKey(input.name())) {
                throw new GraphException("Two inputs of graph '" + block.name() + "' are named '" + input.name()
                        + "'; each value is defined once");
            }
        }
        block.nodes().forEach(this::node);
        for (ValueInfo output : block.outputs()) {
            if (!knows(output.name())) {
                throw new GraphException("Output '" + output.name() + "' of graph '" + block.name()
                        + "' is defined by no node, input or weight");
            }
        }
    }

    private boolean knows(String name) {
        for (Check scope = this; scope != null; scope = scope.around) {
            if (scope.defined.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private void node(Node node) {
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !knows(input)) {
                throw new GraphException("The " + node.label() + " reads '" + input
                        + "', which nothing before it defines; the nodes are out of order, form a cycle, or one is"
                        + " missing");
            }
        }
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Body body) {
                new Check(body.value(), this).block();
            } else if (attribute instanceof Attribute.Bodies bodies) {
                bodies.values().forEach(body -> new Check(body, this).block());
            }
        }
        for (String output : node.outputs()) {
            if (!output.isEmpty() && !defined.add(output)) {
                throw new GraphException("The " + node.label() + " defines '" + output + "', which is defined before;"
                        + " each value is defined once");
            }
        }
    }
}
