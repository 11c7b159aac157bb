package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What training made of a graph.
 *
 * @param headed the graph with its head alone
 * @param trained the graph that was trained: the same, or with an adapter
 * @param method how the adapter was added
 */
record Tuned(Graph headed, Graph trained, Optional<AdapterMethod> method, Training.Outcome outcome) {
    /** The tuned graph, an adapter beside the weights. */
    Graph whole() {
        Map<String, Array> weights = new LinkedHashMap<>(trained.weights());
        weights.putAll(outcome.weights());
        return trained.withWeights(weights);
    }

    /** The tuned graph, an adapter taken into the weights where its method allows that, unless it is kept. */
    Graph graph(boolean keepAdapter) {
        return keepAdapter
                ? whole()
                : adapter().map(adapter -> adapter.merged(headed)).orElseGet(this::whole);
    }

    /** The adapter without the graph. */
    Optional<Adapter> adapter() {
        return method.map(way -> Adapter.of(way, whole()));
    }
}
