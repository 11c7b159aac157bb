package dev.graft.rewrite.fusion;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import java.util.List;
import java.util.Optional;

/** How vectors are split into heads. */
record Heads(Links links, Facts facts) {
    /** From [batch, length, heads, size] to [batch, heads, length, size], and back. */
    static final List<Long> HEADS_FIRST = List.of(0L, 2L, 1L, 3L);
    /** From [batch, length, heads, size] to [batch, heads, size, length]. */
    static final List<Long> LENGTH_LAST = List.of(0L, 2L, 3L, 1L);

    /**
     * Vectors that were split.
     *
     * @param whole the value of shape [batch, length, heads·size]
     */
    record Split(String whole, Size batch, Size length, long heads, long size) {
        boolean agrees(Split keys, Split values) {
            return heads == keys.heads
                    && heads == values.heads
                    && size == keys.size
                    && batch.equals(keys.batch)
                    && batch.equals(values.batch)
                    && keys.length.equals(values.length);
        }
    }

    static boolean isMoved(Node transpose, List<Long> order) {
        return transpose.wholes("perm", List.of()).equals(order);
    }

    /** The vectors before they were split and their axes moved into an order. */
    Optional<Split> split(String value, List<Long> order) {
        return Match.inner(links, value, "Transpose")
                .filter(transpose -> isMoved(transpose, order))
                .flatMap(transpose -> Match.inner(links, transpose.input(0), "Reshape"))
                .flatMap(this::split);
    }

    private Optional<Split> split(Node reshape) {
        List<Size> from = facts.shape(reshape.input(0)).orElse(List.of());
        List<Size> to = facts.shape(reshape.output()).orElse(List.of());
        if (from.size() != 3
                || to.size() != 4
                || !to.get(2).isFixed()
                || !to.get(3).isFixed()) {
            return Optional.empty();
        }
        Size width = to.get(2).times(to.get(3));
        return from.equals(List.of(to.get(0), to.get(1), width))
                ? Optional.of(new Split(
                        reshape.input(0),
                        to.get(0),
                        to.get(1),
                        to.get(2).factor(),
                        to.get(3).factor()))
                : Optional.empty();
    }
}
