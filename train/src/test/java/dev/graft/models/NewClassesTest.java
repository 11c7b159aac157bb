package dev.graft.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.ImageHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Prune;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import dev.graft.train.ArrayRows;
import dev.graft.train.Checkpoints;
import dev.graft.train.Listener;
import dev.graft.train.Phase;
import dev.graft.train.Policy;
import dev.graft.train.RowsValidation;
import dev.graft.train.Schedule;
import dev.graft.train.Training;
import dev.graft.train.Validation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image network learns classes that it was not made for, from a few hundred pictures, and beats what a linear
 * classifier makes of its frozen features.
 */
@Tag("slow")
class NewClassesTest {
    private static final int SEED = 42;
    private static final int BATCH = 32;
    /** Of the linear classifier; the best on the test rows themselves counts, which favours it. */
    private static final List<Double> RATES = List.of(1e-3, 3e-3, 1e-2, 3e-2);

    private static final List<Double> DECAYS = List.of(0.01, 0.1, 0.5);
    private static final int LINEAR_EPOCHS = 60;

    @TempDir
    Path folder;

    private int runs;

    @Test
    void resnetLearnsDefectsOfSteel() {
        Parts parts = Parts.of(Classes.defects(SEED), Images.imageNet(32), 50, 40, 150);
        Graph network = Onnx.read(Shared.model("resnet20-cifar10"));
        compare(network, parts, policy(Selector.all(), 3e-3, 0.01, 10), 0.04);
    }

    /** Its normalisations stay as ImageNet left them: by the statistics of batches of 32 it learns less. */
    @Test
    void mcunetLearnsAnimalsAndVehicles() {
        Parts parts = Parts.of(Classes.photos(SEED), Images.centred(96, 96), 40, 20, 60);
        Graph network = square(Onnx.read(Shared.model("mcunet-imagenet")), 96);
        compare(network, parts, policy(Selector.not(Selector.norms()), 5e-4, 0.01, 6), 0.04);
    }

    /** A network of convolutions for pictures of another size than its file says. */
    private static Graph square(Graph network, int side) {
        var fixed = new Dimension.Fixed(side);
        return network.withInputs(List.of(ValueInfo.of(
                "image", ElementType.FLOAT, new Dimension.Symbol("rows"), new Dimension.Fixed(3), fixed, fixed)));
    }

    private record Parts(ArrayRows train, ArrayRows held, ArrayRows test, int classes) {
        /** So many pictures a class in each part. */
        static Parts of(Classes classes, Images form, int train, int held, int test) {
            int used = train + held;
            return new Parts(
                    classes.rows("image", form, 0, train),
                    classes.rows("image", form, train, used),
                    classes.rows("image", form, used, used + test),
                    classes.files().size());
        }
    }

    /**
     * A linear classifier on frozen features.
     *
     * @param accuracy on test rows: the best of all that were tried
     * @param weights of the one with the least loss on the held-out rows
     */
    private record Frozen(double accuracy, Map<String, Array> weights) {}

    private void compare(Graph model, Parts parts, Policy policy, double margin) {
        Graph graph = new ImageHead(parts.classes(), SEED).apply(model);
        Frozen frozen = frozen(graph, parts);
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(frozen.weights());
        try (Network network = network(graph.withWeights(weights))) {
            train(network, parts, policy);
            double tuned = score(network, parts.test()).value();
            assertThat(tuned)
                    .as("accuracy; with frozen features %s", frozen.accuracy())
                    .isGreaterThan(frozen.accuracy() + margin);
        }
    }

    private static Policy policy(Selector trainable, double rate, double decay, int epochs) {
        Phase phase = new Phase("all", epochs, trainable, new Schedule.Cosine(rate, 0.1));
        return new Policy(List.of(phase), BATCH, 1, decay, 0, 0, 1, 0, SEED);
    }

    private static Network network(Graph graph) {
        return new Torch(TorchSettings.defaults().withThreads(2), Fusion.standard()).prepare(graph);
    }

    /** Trains to the best of the epochs by the held-out rows. */
    private void train(Network network, Parts parts, Policy policy) {
        Checkpoints checkpoints = new Checkpoints(folder.resolve("run" + runs++), "run", Duration.ofDays(1));
        new Training(
                        network,
                        network.graph(),
                        parts.train(),
                        new RowsValidation(parts.held(), BATCH),
                        policy,
                        checkpoints,
                        Listener.NONE,
                        () -> false)
                .run();
    }

    private static Validation.Result score(Network network, ArrayRows rows) {
        return new RowsValidation(rows, BATCH).score(network);
    }

    private Frozen frozen(Graph graph, Parts parts) {
        Parts features = features(graph, parts);
        double highest = 0;
        double lowest = Double.MAX_VALUE;
        Map<String, Array> weights = Map.of();
        for (double decay : DECAYS) {
            for (double rate : RATES) {
                try (Network linear = network(linear(features))) {
                    train(linear, features, policy(Selector.all(), rate, decay, LINEAR_EPOCHS));
                    highest = Math.max(highest, score(linear, features.test()).value());
                    double loss = score(linear, features.held()).logLoss();
                    weights = loss < lowest ? linear.weights() : weights;
                    lowest = Math.min(lowest, loss);
                }
            }
        }
        return new Frozen(highest, weights);
    }

    /** What the classifier of a graph reads, before anything is trained. */
    private static Parts features(Graph graph, Parts parts) {
        String value =
                Links.of(graph).producer(ClassifierHead.LOGITS).orElseThrow().input(0);
        var output = new ValueInfo(value, Optional.of(ElementType.FLOAT), Optional.empty(), Extras.NONE);
        try (Network trunk = network(Prune.unread(graph.withOutputs(List.of(output))))) {
            return new Parts(
                    features(trunk, parts.train()),
                    features(trunk, parts.held()),
                    features(trunk, parts.test()),
                    parts.classes());
        }
    }

    private static ArrayRows features(Network trunk, ArrayRows rows) {
        int width = 0;
        float[] all = new float[0];
        int[] labels = new int[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            int[] one = {row};
            float[] vector =
                    trunk.run(rows.inputs(one)).values().iterator().next().floats();
            width = vector.length;
            all = row == 0 ? new float[rows.size() * width] : all;
            System.arraycopy(vector, 0, all, row * width, width);
            labels[row] = Math.toIntExact(rows.targets(one).longs()[0]);
        }
        return new ArrayRows(Map.of("features", Array.of(all, labels.length, width)), labels);
    }

    private static Graph linear(Parts parts) {
        long width = Objects.requireNonNull(parts.train().inputs(new int[] {0}).get("features"))
                .size(1);
        var features =
                ValueInfo.of("features", ElementType.FLOAT, new Dimension.Symbol("rows"), new Dimension.Fixed(width));
        Graph identity = Graph.of(List.of(features), List.of(features), List.of(), Map.of(), 17);
        return new ClassifierHead(Pooling.NONE, parts.classes(), SEED).apply(identity);
    }
}
