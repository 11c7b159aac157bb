package dev.graft.bundle;

import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Branches of low rank and a head of random numbers: as a file in the format of {@code graft train --save-adapter}, and
 * taken into the weights of the graph that they were made for, by plain arithmetic.
 */
public final class RandomAdapter {
    private static final String PREFIX = "base_model.model.";

    private final int rank;
    private final double alpha;
    private final List<String> labels;
    private final List<String> modules;
    private final Map<String, Array> arrays = new LinkedHashMap<>();

    /** @param modules each is a product of [width, width]; none for a head alone */
    public RandomAdapter(long seed, int rank, double alpha, int labels, List<String> modules, int width) {
        var random = new Random(seed);
        this.rank = rank;
        this.alpha = alpha;
        this.modules = modules;
        this.labels =
                IntStream.range(0, labels).mapToObj(i -> "t" + seed + "-" + i).toList();
        for (String module : modules) {
            arrays.put(module + ".lora_A.weight", small(random, rank, width));
            arrays.put(module + ".lora_B.weight", small(random, width, rank));
        }
        arrays.put("classifier.weight", SmallEncoder.random(random, labels, width));
        arrays.put("classifier.bias", SmallEncoder.random(random, labels));
    }

    private static Array small(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
        }
        return Array.of(values, rows, columns);
    }

    public List<String> labels() {
        return labels;
    }

    /** Writes the file. */
    public void write(Path file, String baseDigest) {
        write(file, baseDigest, "MEAN", "\"peft_type\": \"LORA\"");
    }

    /** @param kind what the configuration says of the kind of adapter */
    public void write(Path file, String baseDigest, String pooling, String kind) {
        var named = new LinkedHashMap<String, Array>();
        arrays.forEach((name, array) -> named.put(PREFIX + name, array));
        String names = labels.stream().map(label -> "\"" + label + "\"").collect(Collectors.joining(", "));
        Safetensors.write(
                file,
                named,
                Map.of(
                        "format",
                        "pt",
                        "adapter_config",
                        "{" + kind + ", \"base_model_name_or_path\": \"small\", \"r\": " + rank + ", \"lora_alpha\": "
                                + alpha + "}",
                        "graft",
                        "{\"base_sha256\": \"" + baseDigest + "\", \"pooling\": \"" + pooling + "\", \"labels\": ["
                                + names + "], \"target\": \"or(scope(**/query), scope(**/value))\"}"));
    }

    /**
     * The graph with the adapter taken into its weights, each of which is [in, out].
     *
     * @param weights of the modules, in their order
     */
    public Graph merged(Graph graph, List<String> weights) {
        var all = new LinkedHashMap<>(graph.weights());
        for (int i = 0; i < modules.size(); i++) {
            float[] down = array(modules.get(i) + ".lora_A.weight").floats();
            float[] up = array(modules.get(i) + ".lora_B.weight").floats();
            all.computeIfPresent(weights.get(i), (name, weight) -> added(weight, down, up));
        }
        all.put("classifier.weight", array("classifier.weight"));
        all.put("classifier.bias", array("classifier.bias"));
        return graph.withWeights(all);
    }

    private Array array(String name) {
        return arrays.getOrDefault(name, Array.scalar(0f));
    }

    private Array added(Array weight, float[] down, float[] up) {
        float[] sum = weight.floats();
        int in = (int) weight.size(0);
        int out = (int) weight.size(1);
        for (int i = 0; i < in; i++) {
            for (int j = 0; j < out; j++) {
                double product = 0;
                for (int k = 0; k < rank; k++) {
                    product += (double) down[k * in + i] * up[j * rank + k];
                }
                sum[i * out + j] += (float) (alpha / rank * product);
            }
        }
        return Array.of(sum, weight.shape());
    }
}
