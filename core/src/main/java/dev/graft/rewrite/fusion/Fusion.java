package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.rewrite.Rewrite;
import java.util.List;

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
        return Pass.inOrder(List.of(
                        Pass.untilSettled(preparation(), MOST_ROUNDS),
                        Pass.knowing(BroadcastOperand::new),
                        Pass.knowing(LayerNorm::new),
                        Pass.rule(new Gelu()),
                        Pass.rule(new Linear()),
                        Pass.knowing(Attention::new),
                        Pass.untilSettled(List.of(Pass.knowing(SinkGather::new), new CommonNodes()), MOST_ROUNDS),
                        new Constants(),
                        new CommonNodes()))
                .then(Fusion::declared);
    }

    /** One round of what makes graphs of different exporters alike. */
    static List<Pass> preparation() {
        return List.of(
                new Constants(),
                new Aliases(),
                new CommonNodes(),
                new SameContent(),
                new FoldConstants(),
                Pass.rule(new InlineIf()),
                Pass.knowing(ReshapeTarget::new),
                Pass.knowing(SwappedAxes::new),
                Pass.rule(new Transposes()),
                Pass.knowing(SinkExpand::new));
    }

    private static Graph declared(Graph graph) {
        boolean fused = graph.nodes().stream().anyMatch(node -> node.domain().equals(FusedOperators.DOMAIN));
        return fused ? graph.withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION) : graph;
    }
}
