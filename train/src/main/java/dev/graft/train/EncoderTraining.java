package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Prune;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains an encoder by itself, as a policy's encoder phases say, before a head is made for it.
 *
 * <p>All rows are learned, so none are left to say how far the weights may go: a {@link Rehearsal} on parts of the rows
 * says it beforehand.
 */
final class EncoderTraining {
    private static final String PART = "encoder";

    /** Where its checkpoints lie among those of the run: those of each rehearsal, then its own. */
    static final List<String> PARTS = Stream.concat(
                    IntStream.range(0, Rehearsal.FOLDS).mapToObj(number -> PART + "-" + number), Stream.of(PART))
            .toList();

    private final TrainingJob job;
    private final Policy policy;
    private final List<Double> points;
    private final Function<Precision, TorchSettings> settings;

    EncoderTraining(TrainingJob job, Policy policy, Function<Precision, TorchSettings> settings) {
        this.job = job;
        this.policy = policy.ofTheEncoder();
        this.points = policy.weightAveraging().interpolations();
        this.settings = settings;
    }

    /** The encoder with its new weights, and how they came to be. */
    record Tuned(Graph encoder, History history) {}

    /** The rows that the encoder learns from, and the words of labels that it learns as further ones. */
    record Parts(List<Example> rows, List<Example> names, LabelSet labels) {}

    /**
     * Trains, from the last checkpoint if there is one.
     *
     * @throws dev.graft.InputException if no label has two rows
     * @throws Interrupted if the run was asked to stop
     */
    Tuned tuned(Graph trunk, Pooling pooling, TextEncoder encoder, Parts parts, Checkpoints checkpoints) {
        Graph vectors = vectors(trunk, pooling, parts.labels().size());
        List<String> inputs = vectors.inputs().stream().map(ValueInfo::name).toList();
        TextRows rows = new TextRows(joined(parts.rows(), parts.names()), parts.labels(), encoder, inputs);
        Folds.requirePairs(job.strategy, rows.labels());
        job.listener.stage("the encoder is tuned first: " + policy.epochs() + " epochs over " + rows.size() + " rows, "
                + policy.batchSize() + " a step");
        double point = point(vectors, rows, parts, checkpoints);
        if (point == 0) {
            return new Tuned(trunk, History.NONE);
        }
        try (Network network = prepared(vectors)) {
            Training.Outcome outcome = training(network, vectors, rows, checkpoints.part(PART));
            Map<String, Array> weights = Interpolation.at(point, vectors.weights(), outcome.weights());
            return new Tuned(under(trunk, weights), outcome.history());
        }
    }

    /** How far to go, from the weights before training (0) to those after it (1). */
    private double point(Graph vectors, TextRows rows, Parts parts, Checkpoints checkpoints) {
        if (points.isEmpty()) {
            return 1;
        }
        int[] labels = Arrays.copyOf(rows.labels(), parts.rows().size());
        var rehearsal = new Rehearsal(labels, points, policy.techniques().metric(), policy.seed());
        Rehearsal.Choice choice = rehearsal.choice((number, learned, left) ->
                rehearsed(vectors, rows, learned, left, checkpoints.part(PART + "-" + number)));
        job.listener.stage(String.format(
                Locale.ROOT,
                "weights kept at %s of the way from those before training to those after it, of %s: %s %.3f on %d"
                        + " rows that were left out",
                choice.point(),
                points,
                choice.result().metric().name(),
                choice.result().value(),
                choice.judged()));
        return choice.point();
    }

    private List<Validation.Result> rehearsed(
            Graph vectors, TextRows rows, int[] learned, int[] left, Checkpoints checkpoints) {
        int names = rows.size() - learned.length - left.length;
        int[] known = IntStream.concat(Arrays.stream(learned), IntStream.range(rows.size() - names, rows.size()))
                .toArray();
        TextRows train = rows.some(known);
        var validation = new HeadValidation(
                train,
                rows.some(left),
                settings.apply(Precision.FP32),
                policy.techniques().metric().of(TargetKind.SINGLE_LABEL),
                rows.labelSet().size(),
                policy.batchSize());
        try (Network network = prepared(vectors)) {
            Map<String, Array> tuned =
                    training(network, vectors, train, checkpoints).weights();
            return points.stream()
                    .map(point -> {
                        network.load(Interpolation.at(point, vectors.weights(), tuned));
                        return validation.score(network);
                    })
                    .toList();
        }
    }

    private Network prepared(Graph vectors) {
        var binding = Learnable.under(policy, vectors);
        return new Torch(settings.apply(job.precision), binding).prepare(vectors);
    }

    private Training.Outcome training(Network network, Graph vectors, TextRows rows, Checkpoints checkpoints) {
        return new Training(network, vectors, rows, Validation.NONE, policy, checkpoints, job.listener, job.interrupted)
                .outcome();
    }

    private static List<Example> joined(List<Example> rows, List<Example> names) {
        List<Example> all = new ArrayList<>(rows);
        all.addAll(names);
        return all;
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
