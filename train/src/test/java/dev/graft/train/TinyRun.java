package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A training run over a random two-layer encoder that takes milliseconds.
 *
 * @param rows what it learns from
 * @param validation scores it after each epoch
 * @param folder of its checkpoints
 */
record TinyRun(
        Rows rows,
        Validation validation,
        Policy policy,
        Path folder,
        Listener listener,
        BooleanSupplier interrupted,
        Precision precision) {
    private static final Duration NEVER = Duration.ofDays(1);

    static TinyRun of(Policy policy, Path folder) {
        TokenRows held = TokenRows.random(30, 2);
        return new TinyRun(
                TokenRows.random(90, 1), held::score, policy, folder, Listener.NONE, () -> false, Precision.FP32);
    }

    TinyRun on(Rows others) {
        return new TinyRun(others, validation, policy, folder, listener, interrupted, precision);
    }

    TinyRun scoredBy(Validation other) {
        return new TinyRun(rows, other, policy, folder, listener, interrupted, precision);
    }

    TinyRun heardBy(Listener other) {
        return new TinyRun(rows, validation, policy, folder, other, interrupted, precision);
    }

    /** The same run, told to stop when it asks for the n-th time; it asks after each step and after each epoch. */
    TinyRun stoppedAt(int time) {
        int[] asked = {0};
        return new TinyRun(rows, validation, policy, folder, listener, () -> ++asked[0] >= time, precision);
    }

    TinyRun in(Precision other) {
        return new TinyRun(rows, validation, policy, folder, listener, interrupted, other);
    }

    /** The run's end: what happened and the weights that the network holds. */
    record End(History history, Map<String, Array> weights) {}

    End end() {
        return end(policy.adapter().map(method -> method.apply(graph())).orElseGet(TinyRun::graph));
    }

    End end(Graph graph) {
        try (Network network = network(graph)) {
            History history = training(graph, network).run();
            return new End(history, network.weights());
        }
    }

    private Training training(Graph graph, Network network) {
        Checkpoints checkpoints = new Checkpoints(folder, "fingerprint", NEVER);
        return new Training(network, graph, rows, validation, policy, checkpoints, listener, interrupted);
    }

    private Network network(Graph graph) {
        var settings = TorchSettings.defaults().withThreads(1).withPrecision(precision);
        return new Torch(settings, Learnable.under(policy, graph)).prepare(graph);
    }

    /** The encoder with its head. */
    static Graph graph() {
        return new ClassifierHead(Pooling.MEAN, TokenRows.CLASSES, 3).apply(Onnx.read(encoder()));
    }

    static Path encoder() {
        try {
            return Path.of(
                    Objects.requireNonNull(TinyRun.class.getResource("/families/bert-old-eager-opset17/model.onnx"))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Full fine-tuning for some epochs, with dropout. */
    static Policy policy(int epochs) {
        return policy(epochs, Selector.all());
    }

    static Policy policy(int epochs, Selector trainable) {
        Phase phase = new Phase("full", epochs, trainable, new Schedule.Linear(5e-3, 0.1));
        return new Policy(List.of(phase), 16, 1, 0.01, 0, 0.1, 1, 0, 42);
    }
}
