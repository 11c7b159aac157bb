package dev.graft.bench;

import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Seconds for one run of a model on libtorch and on ONNX Runtime, which take turns within one process.
 *
 * <p>Arguments: the model's file, the rounds, the threads of each side, and a shape for each input ({@code
 * input=1,3,32,32}). Prints a JSON object a round, with the median of the runs of either side.
 */
public final class ModelInference {
    private static final double SECONDS_A_SIDE = 0.4;
    private static final int FEWEST_RUNS = 5;
    private static final int WARM_UP_ROUNDS = 4;
    private static final int REST_MILLIS = 30;
    private static final int LETTERS = 128;

    private ModelInference() {}

    public static void main(String[] arguments) throws InterruptedException {
        Graph graph = Onnx.read(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        Map<String, Array> inputs = inputs(graph, Arrays.asList(arguments).subList(3, arguments.length));
        var torch = new Torch(TorchSettings.defaults().withThreads(threads), Fusion.standard());
        try (Session graft = torch.prepare(graph);
                Session peer = new OrtRuntime(OrtSettings.DEFAULT.withThreads(threads)).prepare(graph)) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                median(graft, inputs);
                median(peer, inputs);
            }
            for (int round = 0; round < rounds; round++) {
                double own = median(graft, inputs);
                double other = median(peer, inputs);
                System.out.printf(Locale.ROOT, "{\"libtorch_s\": %.7f, \"onnx_runtime_s\": %.7f}%n", own, other);
            }
        }
    }

    /** The middle one of as many runs as fit into a while; what busy threads of the other side do is waited for. */
    private static double median(Session session, Map<String, Array> inputs) throws InterruptedException {
        Thread.sleep(REST_MILLIS);
        double[] seconds = new double[1 << 16];
        double sum = 0;
        int runs = 0;
        while (runs < seconds.length && (sum < SECONDS_A_SIDE || runs < FEWEST_RUNS)) {
            long start = System.nanoTime();
            session.run(inputs);
            seconds[runs] = (System.nanoTime() - start) / 1e9;
            sum += seconds[runs++];
        }
        Arrays.sort(seconds, 0, runs);
        return seconds[runs / 2];
    }

    private static Map<String, Array> inputs(Graph graph, Iterable<String> shapes) {
        Random random = new Random(1);
        Map<String, Array> inputs = new LinkedHashMap<>();
        for (String given : shapes) {
            String[] parts = given.split("=", 2);
            long[] shape = Arrays.stream(parts[1].split(","))
                    .filter(size -> !size.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
            ElementType type = graph.inputs().stream()
                    .filter(input -> input.name().equals(parts[0]))
                    .findFirst()
                    .flatMap(input -> input.type())
                    .orElseThrow();
            inputs.put(parts[0], array(type, shape, random));
        }
        return inputs;
    }

    /** Real numbers of a normal distribution, letters, or the sampling rate that a voice detector asks for. */
    private static Array array(ElementType type, long[] shape, Random random) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (type == ElementType.FLOAT) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return Array.of(values, shape);
        } else if (type == ElementType.UINT8) {
            var bytes = Array.allocate(count);
            for (int i = 0; i < count; i++) {
                bytes.put(i, (byte) random.nextInt(LETTERS));
            }
            return Array.of(type, shape, bytes);
        }
        return Array.scalar(16_000L);
    }
}
