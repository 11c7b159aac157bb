package dev.graft.bench;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Seconds from a model file of some thousand nodes to a network that is ready to run: parsing and checking, fusing, binding
 * and uploading, with the file in the system's cache. One line for the first round, which is that of a fresh Java machine,
 * and one with the medians of all; {@code processor_s} is what the thread itself ran of the whole.
 *
 * <p>Arguments: {@code MODEL 1 ROUNDS} measures; {@code MODEL COPIES 0 FILE} writes a model of so many copies, side by side,
 * with weights of their own, on shared inputs.
 */
public final class BindingTime {
    private static final String[] NAMES = {"read_s", "fuse_s", "bind_s", "whole_s", "processor_s"};

    private BindingTime() {}

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        int copies = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        if (copies > 1) {
            Path file = Path.of(arguments[3]);
            Onnx.write(copied(Onnx.read(model), copies), file);
            System.out.println(file);
        } else {
            measure(model, rounds);
        }
    }

    private static void measure(Path file, int rounds) {
        var fusing = Fusion.standard();
        var torch = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);
        var clock = ManagementFactory.getThreadMXBean();
        double[][] seconds = new double[NAMES.length][rounds];
        for (int round = 0; round < rounds; round++) {
            long ran = clock.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            Graph graph = Onnx.read(file);
            long read = System.nanoTime();
            Graph fused = fusing.apply(graph);
            long joined = System.nanoTime();
            try (Network network = torch.prepare(fused)) {
                long ready = System.nanoTime();
                double[] parts = {read - start, joined - read, ready - joined, ready - start, 0};
                parts[parts.length - 1] = clock.getCurrentThreadCpuTime() - ran;
                for (int i = 0; i < parts.length; i++) {
                    seconds[i][round] = parts[i] / 1e9;
                }
                if (round == 0 || round == rounds - 1) {
                    print(graph, network, seconds, round);
                }
            }
        }
    }

    private static void print(Graph graph, Network network, double[][] seconds, int round) {
        var figures = new ArrayList<String>();
        for (int i = 0; i < NAMES.length; i++) {
            double[] sorted = Arrays.copyOf(seconds[i], round + 1);
            Arrays.sort(sorted);
            figures.add(String.format(Locale.ROOT, "\"%s\": %.3f", NAMES[i], sorted[sorted.length / 2]));
        }
        System.out.printf(
                Locale.ROOT,
                "{\"graft\": \"binding\", \"nodes\": %d, \"rounds\": %d, %s, \"fused\": \"%s\"}%n",
                graph.nodes().size(),
                round + 1,
                String.join(", ", figures),
                network.fusedNodes());
    }

    private static Graph copied(Graph graph, int copies) {
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>();
        List<ValueInfo> outputs = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            String prefix = "copy." + copy + "/";
            int own = copy;
            graph.weights().forEach((name, array) -> weights.put(prefix + name, distinct(array, own)));
            for (Node node : graph.nodes()) {
                nodes.add(node.named(prefix + node.name())
                        .reading(renamed(graph, node.inputs(), prefix))
                        .defining(renamed(graph, node.outputs(), prefix)));
            }
            graph.outputs()
                    .forEach(output -> outputs.add(
                            new ValueInfo(prefix + output.name(), output.type(), output.shape(), output.extras())));
        }
        return graph.with(block -> block.withNodes(nodes).withWeights(weights).withOutputs(outputs));
    }

    private static List<String> renamed(Graph graph, List<String> names, String prefix) {
        return names.stream()
                .map(name -> name.isEmpty()
                                || graph.inputs().stream()
                                        .anyMatch(input -> input.name().equals(name))
                        ? name
                        : prefix + name)
                .toList();
    }

    /** Large arrays that differ in their first element, so that no rewrite takes one for another. */
    private static Array distinct(Array array, int copy) {
        if (!array.type().isFloating() || array.elements() < 8) {
            return array;
        }
        ByteBuffer bytes = Array.allocate(array.bytes().remaining());
        bytes.put(array.bytes()).flip();
        bytes.put(0, (byte) copy);
        return Array.of(array.type(), array.shape(), bytes);
    }
}
