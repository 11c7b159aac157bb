package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.rewrite.fusion.FusedOperators;
import java.util.List;

/**
 * What the fused attentions of a graph keep for the way back.
 *
 * @param nodes how many there are whose memory stands side by side
 * @param perSquare bytes for a row and a square of its tokens
 */
public record AttentionMemory(int nodes, double perSquare) {
    /** Shares, the factors of dropout, and their products. */
    private static final int WITH_DROPOUT = 3;

    static AttentionMemory of(Graph bound, boolean recomputing) {
        List<Node> nodes = bound.nodes().stream()
                .filter(node -> node.domain().equals(FusedOperators.DOMAIN)
                        && node.operator().equals(FusedOperators.ATTENTION))
                .toList();
        boolean narrow = bound.nodes().stream().anyMatch(node -> node.operator().equals(FusedOperators.NARROW));
        double perSquare =
                nodes.stream().mapToLong(node -> bytes(node, narrow)).average().orElse(0);
        int present = recomputing ? Math.min(1, nodes.size()) : nodes.size();
        return new AttentionMemory(present, present * perSquare);
    }

    /** In float32 and without dropout libtorch's own attention keeps none of this. */
    private static long bytes(Node node, boolean narrow) {
        boolean drops = node.attribute("dropout", Attribute.Real.class)
                .map(rate -> rate.value() > 0)
                .orElse(false);
        int tensors = drops ? WITH_DROPOUT : narrow ? 1 : 0;
        return tensors * node.whole("heads", 0) * (narrow ? Short.BYTES : Float.BYTES);
    }

    /** Bytes for rows of so many tokens. */
    public double bytes(int rows, int tokens) {
        double squares = rows * perSquare * tokens * tokens;
        return squares > (double) WITH_DROPOUT * OwnWayBack.PART_BYTES * nodes ? 0 : squares;
    }
}
