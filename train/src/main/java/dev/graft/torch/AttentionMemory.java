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
 * @param perSquare bytes of one node's scores for a row and a square of its tokens
 * @param tensors of the size of the scores that libtorch's own way back keeps of a node
 */
public record AttentionMemory(int nodes, double perSquare, int tensors) {
    /** Bytes of a node's scores up to which all is kept that the way back reads: the quickest way. */
    public static final long ALL_KEPT = 8L << 20;

    /** Bytes of a node's scores up to which their softmax is kept; of larger ones nothing is. */
    public static final long SHARES_KEPT = 16L << 20;

    /** Shares, the factors of dropout, and their products. */
    private static final int WITH_DROPOUT = 3;

    static AttentionMemory of(Graph bound, boolean recomputing) {
        List<Node> nodes = bound.nodes().stream()
                .filter(node -> node.domain().equals(FusedOperators.DOMAIN)
                        && node.operator().equals(FusedOperators.ATTENTION))
                .toList();
        boolean narrow = bound.nodes().stream().anyMatch(node -> node.operator().equals(FusedOperators.NARROW));
        int present = recomputing ? Math.min(1, nodes.size()) : nodes.size();
        double heads = nodes.stream()
                .mapToLong(node -> node.whole("heads", 0))
                .average()
                .orElse(0);
        boolean drops = nodes.stream().anyMatch(AttentionMemory::drops);
        return new AttentionMemory(
                present, heads * (narrow ? Short.BYTES : Float.BYTES), drops ? WITH_DROPOUT : narrow ? 1 : 0);
    }

    private static boolean drops(Node node) {
        return node.attribute("dropout", Attribute.Real.class)
                .map(rate -> rate.value() > 0)
                .orElse(false);
    }

    /** Bytes for rows of so many tokens; in float32 and without dropout libtorch's own attention keeps none. */
    public double bytes(int rows, int tokens) {
        double scores = rows * perSquare * tokens * tokens;
        int kept = scores <= ALL_KEPT ? tensors : scores <= SHARES_KEPT ? Math.min(1, tensors) : 0;
        return nodes * scores * kept;
    }
}
