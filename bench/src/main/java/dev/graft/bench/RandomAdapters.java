package dev.graft.bench;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.NodeSite;
import dev.graft.graph.Sites;
import dev.graft.rewrite.Lora;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes adapters of rank 8 for a bundle's own model, of small random numbers, with the bundle's head a little changed:
 * {@code RandomAdapters BUNDLE FOLDER COUNT}. They cost what trained ones cost.
 */
public final class RandomAdapters {
    private static final int RANK = 8;
    private static final double SMALL = 0.01;

    private RandomAdapters() {}

    public static void main(String[] arguments) {
        Bundle bundle = Bundle.unverified(Path.of(arguments[0]));
        Graph graph = bundle.graph();
        int count = Integer.parseInt(arguments[2]);
        for (int i = 0; i < count; i++) {
            write(bundle, graph, new Random(i), Path.of(arguments[1], String.format("t%03d.safetensors", i)));
        }
    }

    private static void write(Bundle bundle, Graph graph, Random random, Path file) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        for (NodeSite site : Sites.of(graph).nodes()) {
            Array weight = graph.weights().get(site.node().input(1));
            if (Lora.QUERY_AND_VALUE.selects(site) && site.node().is("MatMul") && weight != null) {
                String module = "base_model.model."
                        + site.scope().replaceFirst("^/", "").replace('/', '.');
                int in = Math.toIntExact(weight.size(0));
                int out = Math.toIntExact(weight.size(1));
                arrays.put(module + Lora.DOWN, noise(random, new float[RANK * in], RANK, in));
                arrays.put(module + Lora.UP, noise(random, new float[out * RANK], out, RANK));
            }
        }
        for (String name : List.of("classifier.weight", "classifier.bias")) {
            Array head = graph.weights().get(name);
            if (head == null) {
                throw new IllegalArgumentException("The bundle's model has no weight '" + name + "'");
            }
            arrays.put("base_model.model." + name, noise(random, head.floats(), head.shape()));
        }
        Map<String, Object> config = Map.of(
                "peft_type", "LORA", "base_model_name_or_path", "the bundle", "r", RANK, "lora_alpha", 2.0 * RANK);
        Map<String, Object> graft = Map.of(
                "base_sha256", bundle.manifest().files().getOrDefault(Bundle.MODEL, ""),
                "pooling", "MEAN",
                "labels", bundle.manifest().labels(),
                "target", Lora.QUERY_AND_VALUE.toString());
        Safetensors.write(file, arrays, Map.of("adapter_config", Json.line(config), "graft", Json.line(graft)));
    }

    private static Array noise(Random random, float[] values, long... shape) {
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (SMALL * random.nextGaussian());
        }
        return Array.of(values, shape);
    }
}
