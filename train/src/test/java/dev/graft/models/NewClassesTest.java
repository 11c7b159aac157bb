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
import java.nio.file.Path;
import java.time.Duration;
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
    private static final List<Double> RATES = List.of(3e-3, 1e-2, 3e-2);

    @TempDir
    Path folder;

    @Test
    void resnetLearnsDefectsOfSteel() {
        compare(Onnx.read(Shared.model("resnet20-cifar10")), Images.imageNet(32), 10, 0.02);
    }

    private record Parts(ArrayRows train, ArrayRows held, ArrayRows test) {}

    private void compare(Graph network, Images form, int epochs, double margin) {
        Classes defects = Classes.defects(240);
        int classes = defects.files().size();
        Parts parts = new Parts(
                defects.rows("image", form, 0, 50),
                defects.rows("image", form, 50, 90),
                defects.rows("image", form, 90, 240));
        Graph graph = new ImageHead(classes, SEED).apply(network);
        double frozen = frozen(graph, parts, classes);
        double tuned = trained(graph, parts, policy(3e-3, epochs), "tuned");
        assertThat(tuned).as("accuracy; with frozen features %s", frozen).isGreaterThan(frozen + margin);
    }

    private static Policy policy(double rate, int epochs) {
        Phase phase = new Phase("all", epochs, Selector.all(), new Schedule.Cosine(rate, 0.1));
        return new Policy(List.of(phase), BATCH, 1, 0.01, 0, 0, 1, 0, SEED);
    }

    private static Network network(Graph graph) {
        return new Torch(TorchSettings.defaults().withThreads(2), Fusion.standard()).prepare(graph);
    }

    /** The share of test rows that are right after training; the best of the epochs by the held-out rows. */
    private double trained(Graph graph, Parts parts, Policy policy, String name) {
        try (Network network = network(graph)) {
            var checkpoints = new Checkpoints(folder.resolve(name), name, Duration.ofDays(1));
            new Training(
                            network,
                            graph,
                            parts.train(),
                            new RowsValidation(parts.held(), BATCH),
                            policy,
                            checkpoints,
                            Listener.NONE,
                            () -> false)
                    .run();
            return new RowsValidation(parts.test(), BATCH).score(network).accuracy();
        }
    }

    /** The same for a linear classifier on what the classifier of a graph reads before anything is trained. */
    private double frozen(Graph graph, Parts parts, int classes) {
        String value =
                Links.of(graph).producer(ClassifierHead.LOGITS).orElseThrow().input(0);
        var output = new ValueInfo(value, Optional.of(ElementType.FLOAT), Optional.empty(), Extras.NONE);
        try (Network trunk = network(Prune.unread(graph.withOutputs(List.of(output))))) {
            Parts features = new Parts(
                    features(trunk, parts.train()), features(trunk, parts.held()), features(trunk, parts.test()));
            double best = 0;
            for (double rate : RATES) {
                double found = trained(linear(features.train(), classes), features, policy(rate, 100), "linear" + rate);
                best = Math.max(best, found);
            }
            return best;
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

    private static Graph linear(ArrayRows rows, int classes) {
        long width = Objects.requireNonNull(rows.inputs(new int[] {0}).get("features"))
                .size(1);
        var features =
                ValueInfo.of("features", ElementType.FLOAT, new Dimension.Symbol("rows"), new Dimension.Fixed(width));
        Graph identity = Graph.of(List.of(features), List.of(features), List.of(), Map.of(), 17);
        return new ClassifierHead(Pooling.NONE, classes, SEED).apply(identity);
    }
}
