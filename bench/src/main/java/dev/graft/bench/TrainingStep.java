package dev.graft.bench;

import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Seconds for one full training step (forward, backward, clipping left out, AdamW) of MiniLM with a 77-way head: the peer
 * is {@code step.py}.
 *
 * <p>Arguments: batch, length, steps, threads, dropout rate; by default 16 128 12 2 0.1.
 */
public final class TrainingStep {
    private static final int CLASSES = 77;
    private static final int WARM_UP = 2;

    private TrainingStep() {}

    public static void main(String[] arguments) throws IOException {
        int batch = whole(arguments, 0, 16);
        int length = whole(arguments, 1, 128);
        int steps = whole(arguments, 2, 12);
        int threads = whole(arguments, 3, 2);
        double rate = arguments.length > 4 ? Double.parseDouble(arguments[4]) : 0.1;
        Graph graph = new ClassifierHead(Pooling.MEAN, CLASSES, 42).apply(miniLm());
        var torch = new Torch(
                TorchSettings.defaults().withThreads(threads), Fusion.standard().then(new InsertDropout(rate)));
        try (Network network = torch.prepare(graph)) {
            double[] seconds = measure(network, graph, batch, length, steps);
            System.out.printf(
                    Locale.ROOT,
                    "{\"graft\": \"training step\", \"batch\": %d, \"length\": %d, \"dropout\": %s, \"step_s_min\": %.4f,"
                            + " \"step_s_median\": %.4f, \"peak_mib\": %d, \"fused\": \"%s\"}%n",
                    batch,
                    length,
                    rate,
                    seconds[0],
                    seconds[seconds.length / 2],
                    peakMebibytes(),
                    network.fusedNodes());
        }
    }

    private static double[] measure(Network network, Graph graph, int batch, int length, int steps) {
        network.trainable(graph.weights().entrySet().stream()
                .filter(weight -> weight.getValue().type().isFloating()
                        && weight.getValue().rank() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
        var random = new Random(0);
        Map<String, Array> inputs = Map.of(
                "input_ids",
                        Array.of(
                                random.longs((long) batch * length, 1000, 20_000)
                                        .toArray(),
                                batch,
                                length),
                "attention_mask",
                        Array.of(random.longs((long) batch * length, 1, 2).toArray(), batch, length),
                "token_type_ids", Array.of(new long[batch * length], batch, length));
        Array targets = Array.of(random.longs(batch, 0, CLASSES).toArray(), batch);
        Optimizer optimizer = Optimizer.adamW(0.01, Set.of());
        double[] seconds = new double[steps];
        for (int step = 0; step < steps; step++) {
            long start = System.nanoTime();
            network.learn(inputs, targets, Loss.CrossEntropy.plain(), 1, step);
            network.step(optimizer, name -> 2e-5);
            seconds[step] = (System.nanoTime() - start) / 1e9;
        }
        double[] warm = Arrays.copyOfRange(seconds, WARM_UP, steps);
        Arrays.sort(warm);
        return warm;
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
