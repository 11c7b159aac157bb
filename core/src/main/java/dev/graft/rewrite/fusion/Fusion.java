package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.Rule;
import dev.graft.rewrite.Rules;
import java.util.List;
import java.util.function.Function;

/**
 * Joins what exporters take apart, so that a training step runs few large operators instead of many small ones.
 *
 * <p>The fused graph computes what the given graph computes, up to rounding, and reads its real weights under the same
 * names: only constants are added. Where the attention, normalisation or activation is none that {@link FusedOperators}
 * knows, its nodes stay.
 */
public final class Fusion {
    /** Each round moves something one node further; graphs deeper than this are fused less, never wrongly. */
    private static final int MOST_ROUNDS = 200;

    private Fusion() {}

    /** All rules, in order. */
    public static Rewrite standard() {
        return Rewrite.inOrder(List.of(
                untilSettled(preparation()),
                knowing(BroadcastOperand::new),
                knowing(LayerNorm::new),
                Rules.each(new Gelu(), new Linear()),
                knowing(Attention::new),
                new Constants(),
                new CommonNodes(),
                Fusion::declared));
    }

    /** One round of what makes graphs of different exporters alike. */
    static Rewrite preparation() {
        return Rewrite.inOrder(List.of(
                new Constants(),
                new Aliases(),
                new CommonNodes(),
                new SameContent(),
                new FoldConstants(),
                Rules.each(new InlineIf()),
                knowing(ReshapeTarget::new),
                knowing(SwappedAxes::new),
                Rules.each(new Transposes()),
                knowing(SinkExpand::new)));
    }

    private static Rewrite knowing(Function<Facts, Rule> rule) {
        return graph -> Rules.each(rule.apply(Facts.of(graph))).apply(graph);
    }

    private static Rewrite untilSettled(Rewrite round) {
        return graph -> {
            Graph before = graph;
            Graph after = round.apply(before);
            for (int i = 1; !after.equals(before) && i < MOST_ROUNDS; i++) {
                before = after;
                after = round.apply(before);
            }
            return after;
        };
    }

    private static Graph declared(Graph graph) {
        boolean fused = graph.nodes().stream().anyMatch(node -> node.domain().equals(FusedOperators.DOMAIN));
        return fused ? graph.withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION) : graph;
    }
}
