package dev.graft.rewrite.fusion;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads ONNX's own {@code Attention} (operator set 23) where it is plain: heads split outside, no cache, no cap on the
 * scores, not causal, only its first result read.
 */
record JoinedAttention(Links links, Facts facts) {
    /** The scores of an {@code Attention} node; empty where it does more. */
    Optional<Scores> read(Node node) {
        List<Size> query = facts.shape(node.input(0)).orElse(List.of());
        if (query.size() != 4 || !query.get(3).isFixed() || !isPlain(node)) {
            return Optional.empty();
        }
        float scale = node.real("scale", (float) (1 / Math.sqrt(query.get(3).factor())));
        Scores scores = new Scores(node.output(), node.input(0), node.input(1), Heads.HEADS_FIRST, scale, List.of());
        return Optional.of(node.has(3) ? scores.with(new Scores.Added(mask(node, query))) : scores);
    }

    /** The mask, without an expansion that broadcasting does anyway. */
    private String mask(Node node, List<Size> query) {
        List<Size> key = facts.shape(node.input(1)).orElse(List.of());
        return links.producer(node.input(3), "Expand")
                .filter(expand -> key.size() == 4)
                .filter(expand -> {
                    List<Size> scores = List.of(query.get(0), query.get(1), query.get(2), key.get(2));
                    return facts.shape(expand.input(0))
                            .filter(mask ->
                                    Shapes.broadcast(node, scores, mask, facts).equals(scores))
                            .isPresent();
                })
                .map(expand -> expand.input(0))
                .orElse(node.input(3));
    }

    private boolean isPlain(Node node) {
        List<String> others =
                new ArrayList<>(node.outputs().subList(1, node.outputs().size()));
        return others.stream()
                        .noneMatch(output ->
                                links.isOutput(output) || !links.readers(output).isEmpty())
                && node.whole("is_causal", 0) == 0
                && node.real("softcap", 0) == 0
                && !node.has(4)
                && !node.has(5)
                && !node.has(6);
    }

    /** The shape of the first result where heads are split outside. */
    static Optional<List<Size>> shape(Node node, Facts facts) {
        return facts.shape(node.input(0))
                .filter(query -> query.size() == 4)
                .flatMap(query -> facts.shape(node.input(2))
                        .filter(values -> values.size() == 4)
                        .map(values -> List.of(query.get(0), query.get(1), query.get(2), values.get(3))));
    }
}
