package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Lora;
import dev.graft.rewrite.Pooling;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An adapter in one file, a few hundred kilobytes beside the pretrained model that it is put onto.
 *
 * <p>The file is safetensors under the names and in the shapes of Hugging Face's PEFT: {@code
 * base_model.model.encoder.layer.0.attention.self.query.lora_A.weight} is [rank, in], {@code lora_B} [out, rank], and
 * {@code base_model.model.classifier.weight} the head. Its metadata holds the content of PEFT's {@code
 * adapter_config.json} and what Graft needs beyond it.
 *
 * @param base the name of the pretrained model, as it was asked for
 * @param baseDigest SHA-256 of its file
 * @param pooling how one vector is made of a text's tokens
 * @param labels in the order of the logits
 */
public record AdapterFile(String base, String baseDigest, Pooling pooling, List<String> labels, Adapter adapter) {
    /** The name by which PEFT finds an adapter in a folder. */
    public static final String PEFT_NAME = "adapter_model.safetensors";
    /** The name under which PEFT looks for an adapter's configuration beside it. */
    public static final String PEFT_CONFIG = "adapter_config.json";

    private static final String PREFIX = "base_model.model.";
    private static final String CONFIG = "adapter_config";
    private static final String GRAFT = "graft";

    /** What PEFT's configuration has no place for. */
    private record Beyond(String baseSha256, Pooling pooling, List<String> labels, String target) {}

    public AdapterFile {
        labels = List.copyOf(labels);
    }

    /** Writes the file; one that is named as PEFT expects gets PEFT's configuration beside it. */
    public void write(Path file) {
        AdapterConfig config = AdapterConfig.of(base, adapter);
        Map<String, Array> arrays = new LinkedHashMap<>();
        adapter.weights().forEach((name, array) -> arrays.put(PREFIX + name, turned(name, array)));
        var beyond = new Beyond(baseDigest, pooling, labels, adapter.where().toString());
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", "pt");
        metadata.put(CONFIG, Json.line(config));
        metadata.put(GRAFT, Json.line(beyond));
        Safetensors.write(file, arrays, metadata);
        if (file.endsWith(PEFT_NAME)) {
            SafeFile.write(file.resolveSibling(PEFT_CONFIG), Json.text(config));
        }
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @throws InputException if it is another file
     */
    public static AdapterFile read(Path file) {
        Safetensors content = Safetensors.read(file);
        AdapterConfig config = part(file, content, CONFIG, AdapterConfig.class);
        Beyond beyond = part(file, content, GRAFT, Beyond.class);
        Map<String, Array> weights = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            if (!name.startsWith(PREFIX) || array.type() != ElementType.FLOAT || array.rank() > 2) {
                throw new InputException(file + ": '" + name + "' is no weight of an adapter, which is a vector or"
                        + " matrix of float32 under a name that begins with " + PREFIX);
            }
            String own = name.substring(PREFIX.length());
            weights.put(own, turned(own, array));
        });
        Array bias = weights.get(ClassifierHead.BIAS);
        if (bias == null || bias.elements() != beyond.labels().size()) {
            throw new InputException(file + " names " + beyond.labels().size() + " labels, but "
                    + (bias == null ? "has no head" : "its head tells " + bias.elements() + " apart"));
        }
        Adapter adapter = new Adapter(config.r(), config.loraAlpha(), Selector.parse(beyond.target()), weights);
        return new AdapterFile(
                config.baseModelNameOrPath(), beyond.baseSha256(), beyond.pooling(), beyond.labels(), adapter);
    }

    private static <T> T part(Path file, Safetensors content, String key, Class<T> type) {
        String json = content.metadata().get(key);
        if (json == null) {
            throw new InputException(file + " is no adapter that Graft wrote: its metadata lacks '" + key
                    + "'; 'graft train --strategy lora --save-adapter' writes one");
        }
        return Json.parse(json.getBytes(StandardCharsets.UTF_8), file + ", metadata '" + key + "'", type);
    }

    /**
     * The classifier that the adapter makes of its base; its branches stand beside the weights.
     *
     * @throws InputException if the base is not the one that the adapter was made for, or a weight does not fit it
     */
    public Graph on(Pretrained given) {
        if (!given.digest().equals(baseDigest)) {
            throw new InputException("The adapter was made for the model " + base + " (SHA-256 " + baseDigest
                    + "), not for " + given.name() + " (SHA-256 " + given.digest() + "); give it that model");
        }
        Graph headed = new ClassifierHead(pooling, labels.size(), 0).apply(Onnx.read(given.model()));
        return adapter.apply(headed);
    }

    /** PEFT's matrices of a branch are the transposes of those in a graph; all else is the same. */
    private static Array turned(String name, Array array) {
        if (!Lora.isBranch(name) || array.rank() != 2) {
            return array;
        }
        int rows = Math.toIntExact(array.size(0));
        int columns = Math.toIntExact(array.size(1));
        float[] from = array.floats();
        float[] to = new float[from.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[j * rows + i] = from[i * columns + j];
            }
        }
        return Array.of(to, columns, rows);
    }
}
