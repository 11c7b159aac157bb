package dev.graft.bench;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Prune;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import dev.graft.train.Choice;
import dev.graft.train.Optimizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Seconds for one full training step (forward, backward, clipping left out, AdamW) of MiniLM with a 77-way head: the peer
 * is {@code step.py}.
 *
 * <p>Arguments: batch, length, steps, threads, dropout rate, precision, whether values are computed once more on the way
 * back, blocks, optimizer; by default 16 128 12 2 0.1 FP32 false 6 adamw_torch. With fewer blocks the head reads the tokens of a lower one.
 */
public final class TrainingStep {
    /** Steps that are not counted. */
    public static final int WARM_UP = 2;

    private static final int CLASSES = 77;
    private static final int BLOCKS = 6;

    private final Network network;
    private final Map<String, Array> inputs;
    private final Array targets;
    private final Optimizer optimizer;

    /** What is measured. */
    public record Shape(
            int batch,
            int length,
            int steps,
            int threads,
            double rate,
            Precision precision,
            boolean again,
            int blocks,
            String optimizer) {
        /** The shape that arguments ask for, in the order of the components; what is left out has its default. */
        public Shape(String... arguments) {
            this(
                    whole(arguments, 0, 16),
                    whole(arguments, 1, 128),
                    whole(arguments, 2, 12),
                    whole(arguments, 3, 2),
                    arguments.length > 4 ? Double.parseDouble(arguments[4]) : 0.1,
                    Precision.valueOf(arguments.length > 5 ? arguments[5].toUpperCase(Locale.ROOT) : "FP32"),
                    arguments.length > 6 && Boolean.parseBoolean(arguments[6]),
                    whole(arguments, 7, BLOCKS),
                    arguments.length > 8 ? arguments[8] : "adamw_torch");
        }

        /** How libtorch is to run. */
        public TorchSettings settings() {
            return TorchSettings.defaults()
                    .withThreads(threads)
                    .withPrecision(precision)
                    .withGradientCheckpointing(again);
        }
    }

    /** Steps of a network that {@link #graph} was bound to; all its real weights learn. */
    public TrainingStep(Network network, Shape shape) {
        this.network = network;
        this.optimizer = new Optimizer(Optimizers.of(Choice.of(shape.optimizer())), 0.01, Set.of());
        network.trainable(network.graph().weights().entrySet().stream()
                .filter(weight -> weight.getValue().type().isFloating()
                        && weight.getValue().rank() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
        var random = new Random(0);
        int tokens = shape.batch() * shape.length();
        this.inputs = Map.of(
                "input_ids", array(random.longs(tokens, 1000, 20_000), shape),
                "attention_mask", array(random.longs(tokens, 1, 2), shape),
                "token_type_ids", array(random.longs(tokens, 0, 1), shape));
        this.targets = Array.of(random.longs(shape.batch(), 0, CLASSES).toArray(), shape.batch());
    }

    private static Array array(LongStream values, Shape shape) {
        return Array.of(values.toArray(), shape.batch(), shape.length());
    }

    public static void main(String[] arguments) throws IOException {
        var shape = new Shape(arguments);
        var torch = new Torch(shape.settings(), Fusion.standard().then(new InsertDropout(shape.rate())));
        try (Network network = torch.prepare(graph(shape.blocks()))) {
            double[] seconds = new TrainingStep(network, shape).measure(shape.steps());
            System.out.printf(
                    Locale.ROOT,
                    "{\"graft\": \"training step\", \"blocks\": %d, \"batch\": %d, \"length\": %d, \"dropout\": %s,"
                            + " \"precision\": \"%s\", \"step_s_min\": %.4f, \"step_s_median\": %.4f,"
                            + " \"peak_mib\": %d, \"fused\": \"%s\"}%n",
                    shape.blocks(),
                    shape.batch(),
                    shape.length(),
                    shape.rate(),
                    shape.precision().spelled(),
                    seconds[0],
                    seconds[seconds.length / 2],
                    peakMebibytes(),
                    network.fusedNodes());
        }
    }

    private double[] measure(int steps) {
        double[] seconds = new double[steps];
        for (int step = 0; step < steps; step++) {
            long start = System.nanoTime();
            learn(step);
            move();
            seconds[step] = (System.nanoTime() - start) / 1e9;
        }
        double[] warm = Arrays.copyOfRange(seconds, WARM_UP, steps);
        Arrays.sort(warm);
        return warm;
    }

    /** Forward and backward. */
    public void learn(long seed) {
        double loss = network.learn(inputs, targets, Loss.CrossEntropy.plain(), 1, seed)
                .value();
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("The loss is " + loss + ", and such a step goes forward alone");
        }
    }

    /** The optimizer. */
    public void move() {
        network.step(optimizer, name -> 2e-5);
    }

    /** MiniLM with a 77-way head. */
    public static Graph graph() throws IOException {
        return new ClassifierHead(Pooling.MEAN, CLASSES, 42).apply(miniLm());
    }

    /** The same with so many blocks; every block ends in the second of its layer normalisations. */
    private static Graph graph(int blocks) throws IOException {
        Graph fused = Fusion.standard().apply(miniLm());
        List<Node> norms = fused.nodes().stream()
                .filter(node -> node.operator().equals(FusedOperators.LAYER_NORM))
                .toList();
        ValueInfo tokens = fused.outputs().get(0);
        var lower = new ValueInfo(norms.get(2 * blocks).output(), tokens.type(), tokens.shape(), tokens.extras());
        return new ClassifierHead(Pooling.MEAN, CLASSES, 42).apply(Prune.unread(fused.withOutputs(List.of(lower))));
    }

    private static Graph miniLm() throws IOException {
        Path file = Files.createTempFile("minilm", ".onnx");
        try (InputStream model = TrainingStep.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            if (model == null) {
                throw new IOException("all-minilm-l6-v2.onnx is not on the class path");
            }
            Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
            return Onnx.read(file);
        } finally {
            file.toFile().deleteOnExit();
        }
    }

    private static long peakMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }

    private static int whole(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
