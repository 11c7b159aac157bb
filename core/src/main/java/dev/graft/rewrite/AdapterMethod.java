package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A few weights that are added to a graph so that they alone, and the head, are trained (parameter-efficient
 * fine-tuning).
 *
 * <p>The graph with them computes at first what it computed before, in standard operators, and reads all its own weights
 * under their names.
 */
public sealed interface AdapterMethod extends Rewrite permits Lora, Dora, Ia3, Bottleneck {
    /** Which weights are added, whatever the method. */
    Selector WEIGHTS = Selector.or(
            endings().stream().map(ending -> Selector.name("**" + ending)).toArray(Selector[]::new));

    /**
     * The graph with new weights.
     *
     * @throws dev.graft.graph.GraphException if the method finds no place in the graph, or the graph has an adapter
     */
    @Override
    Graph apply(Graph graph);

    /** What a graph needs beyond {@link #apply} while it learns; it is applied after fusion. */
    default Rewrite forTraining() {
        return graph -> graph;
    }

    /**
     * The graph without an adapter that computes what the adapter makes of it, up to rounding; empty where there is none.
     *
     * @param graph has its head already
     * @param tuned the adapter's weights, and others of the graph that were trained with it
     */
    Optional<Graph> merged(Graph graph, Map<String, Array> tuned);

    /** Whether a weight of this name was added by one of the methods. */
    static boolean adds(String name) {
        return endings().stream().anyMatch(name::endsWith);
    }

    private static List<String> endings() {
        return List.of(
                Lora.DOWN,
                Lora.UP,
                Dora.MAGNITUDE,
                Ia3.FACTORS,
                Bottleneck.DOWN,
                Bottleneck.DOWN_BIAS,
                Bottleneck.UP,
                Bottleneck.UP_BIAS);
    }
}
