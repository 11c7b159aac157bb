package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.rewrite.Ia3;
import java.util.Set;

/** The weights of a graph that selectors mean. */
final class Selected {
    private static final Selector UNDECAYED =
            Selector.or(Selector.biases(), Selector.norms(), Selector.name("**" + Ia3.FACTORS));

    private Selected() {}

    /** The names of the weights that are trained: those that are selected and can learn. */
    static Set<String> trainable(Graph graph, Selector selector) {
        return Sites.of(graph).weights(Selector.and(Selector.learnable(), selector));
    }

    /** The names of the weights that decay leaves alone: biases, the weights of norms, and factors. */
    static Set<String> undecayed(Graph graph) {
        return Sites.of(graph).weights(UNDECAYED);
    }

    /**
     * Refuses a policy of which a phase trains nothing.
     *
     * @throws InputException if one does
     */
    static void requireTrainable(Graph graph, Policy policy, Strategy strategy) {
        for (Phase phase : policy.phases()) {
            if (trainable(graph, phase.trainable()).isEmpty()) {
                throw new InputException("Phase '" + phase.name() + "' of --strategy " + strategy.spelled()
                        + " trains nothing: the model has no weight that can learn among " + phase.trainable());
            }
        }
    }
}
