package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Prune;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Trains an encoder by itself, as a policy's encoder phases say, before a head is made for it. */
final class EncoderTraining {
    /** Where its checkpoints lie among those of the run. */
    static final String PART = "encoder";

    private final TrainingJob job;
    private final Policy policy;
    private final Function<Precision, TorchSettings> settings;

    EncoderTraining(TrainingJob job, Policy policy, Function<Precision, TorchSettings> settings) {
        this.job = job;
        this.policy = policy.ofTheEncoder();
        this.settings = settings;
    }

    /** The encoder with its new weights, and how they came to be. */
    record Tuned(Graph encoder, History history) {}

    /** The rows that the encoder learns from, and those that say how far it is to go. */
    record Parts(List<Example> train, List<Example> held, LabelSet labels) {}

    /**
     * Trains, from the last checkpoint if there is one.
     *
     * @throws dev.graft.InputException if no label has two rows
     * @throws Interrupted if the run was asked to stop
     */
    Tuned tuned(Graph trunk, Pooling pooling, TextEncoder encoder, Parts parts, Checkpoints checkpoints) {
        Graph vectors = vectors(trunk, pooling, parts.labels().size());
        List<String> inputs = vectors.inputs().stream().map(ValueInfo::name).toList();
        TextRows train = new TextRows(parts.train(), parts.labels(), encoder, inputs);
        Folds.requirePairs(job.strategy, train.labels());
        TextRows held = new TextRows(parts.held(), parts.labels(), encoder, inputs);
        var validation = new HeadValidation(
                train,
                held,
                settings.apply(Precision.FP32),
                policy.techniques().metric().of(TargetKind.SINGLE_LABEL),
                parts.labels().size(),
                policy.batchSize());
        job.listener.stage("the encoder is tuned first: at most " + policy.epochs() + " epochs over " + train.size()
                + " rows, " + policy.batchSize() + " a step; " + held.size() + " others say how far");
        var binding = Fusion.standard().then(new InsertDropout(policy.dropout()));
        try (Network network = new Torch(settings.apply(job.precision), binding).prepare(vectors)) {
            History history = new Training(
                            network, vectors, train, validation, policy, checkpoints, job.listener, job.interrupted)
                    .run();
            return new Tuned(under(trunk, network.weights()), history);
        }
    }

    /** The encoder with one output: a vector a text. */
    private static Graph vectors(Graph trunk, Pooling pooling, int classes) {
        Graph both = new FeaturesOutput().apply(new ClassifierHead(pooling, classes, 0).apply(trunk));
        List<ValueInfo> features = both.main().outputs().stream()
                .filter(output -> output.name().equals(FeaturesOutput.FEATURES))
                .toList();
        return Prune.unread(both.withOutputs(features));
    }

    /** The trunk under weights of the same names that were tuned; others of these are left out. */
    static Graph under(Graph trunk, Map<String, Array> tuned) {
        Map<String, Array> weights = new LinkedHashMap<>(trunk.weights());
        tuned.forEach((name, array) -> weights.computeIfPresent(name, (same, before) -> array));
        return trunk.withWeights(weights);
    }
}
