package dev.graft.rewrite.fusion;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves out an expansion that broadcasting does anyway.
 *
 * <pre>
 * Add(scores, Expand(mask, s))  ⇒  Add(scores, mask)   where scores have the result's shape
 * </pre>
 */
record BroadcastOperand(Facts facts) implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (!Shapes.BROADCAST.contains(node.operator())) {
            return Optional.empty();
        }
        for (String input : node.inputs()) {
            Optional<Node> expand = links.producer(input, "Expand");
            if (expand.isPresent()) {
                Node narrow = node.rewired(input, expand.get().input(0));
                if (keepsShape(node, narrow)) {
                    return Optional.of(Patch.of(narrow));
                }
            }
        }
        return Optional.empty();
    }

    private boolean keepsShape(Node before, Node after) {
        Optional<List<Size>> shape = facts.shape(before.output());
        return shape.isPresent()
                && Shapes.broadcast(after, new ArrayList<>(after.inputs()), facts)
                        .equals(shape);
    }
}
