package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.List;
import java.util.Optional;

/**
 * Swaps the last two axes of a stack of matrices without flattening the stack first.
 *
 * <pre>
 * k [b, h, s, d] → Reshape [b·h, s, d] → Transpose[0,2,1] → Reshape [b, h, d, s]  ⇒  Transpose[0,1,3,2](k)
 * </pre>
 */
record SwappedAxes(Facts facts) implements Rule {
    private static final List<Long> SWAP_OF_THREE = List.of(0L, 2L, 1L);
    private static final List<Long> SWAP_OF_FOUR = List.of(0L, 1L, 3L, 2L);

    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (!node.is("Reshape")) {
            return Optional.empty();
        }
        Optional<String> stack = links.producer(node.input(0), "Transpose")
                .filter(swap -> swap.wholes("perm", List.of()).equals(SWAP_OF_THREE))
                .flatMap(swap -> links.producer(swap.input(0), "Reshape"))
                .filter(flat -> isSwap(flat, node))
                .map(flat -> flat.input(0));
        return stack.map(value -> Patch.of(Node.of("Transpose", node.output(), value)
                .named(node.name())
                .with("perm", new Attribute.Wholes(SWAP_OF_FOUR))));
    }

    private boolean isSwap(Node flat, Node node) {
        List<Size> from = facts.shape(flat.input(0)).orElse(List.of());
        List<Size> middle = facts.shape(flat.output()).orElse(List.of());
        List<Size> to = facts.shape(node.output()).orElse(List.of());
        if (from.size() != 4 || middle.size() != 3 || to.size() != 4) {
            return false;
        }
        return middle.equals(List.of(from.get(0).times(from.get(1)), from.get(2), from.get(3)))
                && to.equals(List.of(from.get(0), from.get(1), from.get(3), from.get(2)));
    }
}
