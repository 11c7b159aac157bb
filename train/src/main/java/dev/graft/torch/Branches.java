package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Optional;

/** The check that both branches of each {@code If} give as many values, of the same declared types. */
final class Branches {
    private Branches() {}

    /**
     * Checks a block and the bodies in it.
     *
     * @throws GraphException if branches differ; the message names the node and the values
     */
    static void check(Block block) {
        for (Node node : block.nodes()) {
            if (node.is("If")) {
                compare(node, branch(node, "then_branch"), branch(node, "else_branch"));
            }
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.Body body) {
                    check(body.value());
                }
            });
        }
    }

    private static Block branch(Node node, String attribute) {
        return node.attribute(attribute, Attribute.Body.class)
                .map(Attribute.Body::value)
                .orElseThrow(() -> new GraphException("The " + node.label() + " has no " + attribute
                        + "; both branches are needed: export the model again"));
    }

    private static void compare(Node node, Block yes, Block no) {
        List<ValueInfo> first = yes.outputs();
        List<ValueInfo> second = no.outputs();
        if (first.size() != second.size()) {
            throw new GraphException("The " + node.label() + " has branches of " + first.size() + " and "
                    + second.size() + " results; both need the same: export the model again");
        }
        for (int i = 0; i < first.size(); i++) {
            Optional<ElementType> one = first.get(i).type();
            Optional<ElementType> other = second.get(i).type();
            if (one.isPresent() && other.isPresent() && one.get() != other.get()) {
                throw new GraphException("The " + node.label() + " has branches of two types: '"
                        + first.get(i).name() + "' is " + one.get().text() + ", '"
                        + second.get(i).name() + "' is " + other.get().text() + "; export the model again");
            }
        }
    }
}
