package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.EmbeddingNoise;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.LayerDrop;
import dev.graft.rewrite.Mixout;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is done to a graph, or to a part of it, before it learns under a policy; serving sees nothing of it. */
final class Learnable {
    private Learnable() {}

    /**
     * The rewrite.
     *
     * @param graph the whole that the policy trains, whose weights are those at the start
     */
    static Rewrite under(Policy policy, Graph graph) {
        Regularisers regularisers = policy.techniques().regularisers();
        Rewrite outputs = policy.techniques().readsFeatures() ? new FeaturesOutput() : same -> same;
        return Rewrite.inOrder(List.of(
                outputs,
                Fusion.standard(),
                new InsertDropout(policy.dropout(), regularisers.headDropout().orElse(policy.dropout())),
                regularisers.layerDrop() > 0 ? LayerDrop.in(graph, regularisers.layerDrop()) : same -> same,
                new EmbeddingNoise(regularisers.noise()),
                new Mixout(regularisers.mixout(), starts(policy, graph)),
                policy.adapter().map(AdapterMethod::forTraining).orElse(same -> same)));
    }

    /** The weights that the policy trains, the head's apart, which begin by chance. */
    private static Map<String, Array> starts(Policy policy, Graph graph) {
        Map<String, Array> starts = new TreeMap<>();
        if (policy.techniques().regularisers().mixout() > 0) {
            Stream.of(policy.encoderPhases(), policy.phases())
                    .flatMap(List::stream)
                    .flatMap(phase -> Selected.trainable(graph, phase.trainable()).stream())
                    .filter(name -> !HeadProbe.HEAD.contains(name))
                    .forEach(name -> starts.putIfAbsent(name, graph.weights().get(name)));
        }
        return starts;
    }

    /**
     * Refuses a policy whose loss or regularisers have no place in a graph.
     *
     * @throws InputException that names the option
     */
    static void require(Policy policy, Graph graph) {
        boolean learns = !policy.phases().isEmpty() || !policy.encoderPhases().isEmpty();
        double layerDrop = policy.techniques().regularisers().layerDrop();
        if (learns && layerDrop > 0 && LayerDrop.in(graph, layerDrop).blocks().isEmpty()) {
            throw new InputException(
                    "--layerdrop leaves out blocks of the network, but none are recognised in the model"
                            + " ('graft inspect' shows what is); leave it out");
        }
        if (learns && policy.techniques().regularisers().noise() > 0 && !EmbeddingNoise.fits(graph)) {
            throw new InputException(
                    "--neftune-noise-alpha adds noise to word embeddings, but the model looks up none by"
                            + " its input 'input_ids'; leave it out");
        }
        if (learns && policy.techniques().readsFeatures() && !FeaturesOutput.fits(graph)) {
            throw new InputException("--loss " + policy.techniques().loss().name()
                    + " compares the vectors that a linear head reads, but the model's head reads none; take"
                    + " cross_entropy");
        }
    }
}
