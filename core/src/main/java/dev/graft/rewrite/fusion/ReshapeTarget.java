package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Names;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a {@code Reshape} a constant target where it computes one.
 *
 * <pre>
 * Reshape(x, Concat(Shape(x)[0], -1, 4, 6))  with x [batch, length, 24]  ⇒  Reshape(x, [0, 0, 4, 6])
 * </pre>
 *
 * <p>0 copies a size of x; at most one size that is neither a number nor a copy becomes -1.
 */
record ReshapeTarget(Facts facts) implements Rule {
    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (!node.is("Reshape") || links.graph().weights().containsKey(node.input(1))) {
            return Optional.empty();
        }
        Optional<List<Size>> from = facts.shape(node.input(0));
        Optional<List<Size>> to = facts.shape(node.output());
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        return target(from.get(), to.get()).map(target -> reading(target, links, node));
    }

    private static Patch reading(long[] target, Links links, Node node) {
        String name = Names.in(links.graph()).fresh(node.output() + "_shape");
        return new Patch(
                List.of(copying(node).reading(List.of(node.input(0), name))),
                Map.of(name, Array.of(target, target.length)));
    }

    /** The node with zeros that copy, which is what they do unless it says otherwise. */
    private static Node copying(Node node) {
        return node.whole("allowzero", 0) == 0 ? node : node.with("allowzero", new Attribute.Whole(0));
    }

    private static Optional<long[]> target(List<Size> from, List<Size> to) {
        long[] target = new long[to.size()];
        int open = 0;
        for (int axis = 0; axis < target.length; axis++) {
            Size size = to.get(axis);
            if (size.isFixed() && size.factor() > 0) {
                target[axis] = size.factor();
            } else if (axis < from.size() && size.equals(from.get(axis))) {
                target[axis] = 0;
            } else {
                target[axis] = -1;
                open++;
            }
        }
        return open <= 1 ? Optional.of(target) : Optional.empty();
    }
}
