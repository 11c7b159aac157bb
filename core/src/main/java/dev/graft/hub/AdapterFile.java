package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Ia3;
import dev.graft.rewrite.Pooling;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An adapter on disk, a few hundred kilobytes beside the pretrained model that it is put onto.
 *
 * <p>It is a folder as Hugging Face's PEFT has it. {@code adapter_model.safetensors} holds the weights under PEFT's names
 * and in PEFT's shapes: {@code base_model.model.encoder.layer.0.attention.self.query.lora_A.weight} is [rank, in], {@code
 * lora_B} [out, rank], and {@code base_model.model.classifier.weight} the head. {@code adapter_config.json} holds PEFT's
 * configuration. The weights' file alone suffices to {@link #read}: its metadata holds the configuration too, and what
 * Graft needs beyond it.
 *
 * @param base the name of the pretrained model, as it was asked for
 * @param baseDigest SHA-256 of its file
 * @param pooling how one vector is made of a text's tokens
 * @param maxLength tokens after which a text is cut
 * @param labels in the order of the logits
 */
public record AdapterFile(
        String base, String baseDigest, Pooling pooling, int maxLength, List<String> labels, Adapter adapter) {
    /** The name by which PEFT finds an adapter's weights in a folder. */
    public static final String WEIGHTS = "adapter_model.safetensors";
    /** The name by which PEFT finds an adapter's configuration in a folder. */
    public static final String CONFIG = "adapter_config.json";

    private static final String PREFIX = "base_model.model.";
    private static final String PEFT = "adapter_config";
    private static final String GRAFT = "graft";

    /** What PEFT's configuration has no place for. */
    private record Beyond(
            String baseSha256, Pooling pooling, int maxLength, List<String> labels, AdapterConfig.Places places) {}

    public AdapterFile {
        labels = List.copyOf(labels);
    }

    /** Writes the two files into a folder, which is made where it is not there. */
    public void write(Path folder) {
        Object config = AdapterConfig.of(base, adapter);
        Map<String, Array> arrays = new LinkedHashMap<>();
        adapter.weights().forEach((name, array) -> arrays.put(PREFIX + name, inPeft(name, array)));
        var beyond = new Beyond(baseDigest, pooling, maxLength, labels, AdapterConfig.Places.of(adapter.method()));
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", "pt");
        metadata.put(PEFT, Json.line(config));
        metadata.put(GRAFT, Json.line(beyond));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException("The folder " + folder + " cannot be made: " + e.getMessage(), e);
        }
        Safetensors.write(folder.resolve(WEIGHTS), arrays, metadata);
        SafeFile.write(folder.resolve(CONFIG), Json.text(config));
    }

    /**
     * Reads an adapter that {@link #write} wrote.
     *
     * @param path the folder, or the file of its weights
     * @throws InputException if it is something else
     */
    public static AdapterFile read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(WEIGHTS) : path;
        if (!Files.isRegularFile(file)) {
            throw new InputException("There is no adapter " + path + ": " + file
                    + " is missing; 'graft train --save-adapter' writes one");
        }
        Safetensors content = Safetensors.read(file);
        byte[] config = part(file, content, PEFT);
        Beyond beyond = Json.parse(part(file, content, GRAFT), file + ", metadata '" + GRAFT + "'", Beyond.class);
        Map<String, Array> weights = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            if (!name.startsWith(PREFIX) || array.type() != ElementType.FLOAT || array.rank() > 2) {
                throw new InputException(file + ": '" + name + "' is no weight of an adapter, which is a vector or"
                        + " matrix of float32 under a name that begins with " + PREFIX);
            }
            String own = name.substring(PREFIX.length());
            weights.put(own, inGraph(own, array));
        });
        requireHead(file, weights.get(ClassifierHead.BIAS), beyond.labels());
        AdapterMethod method = beyond.places().method(config, file + ", metadata '" + PEFT + "'");
        return new AdapterFile(
                AdapterConfig.base(config, file.toString()),
                beyond.baseSha256(),
                beyond.pooling(),
                beyond.maxLength(),
                beyond.labels(),
                new Adapter(method, weights));
    }

    private static void requireHead(Path file, @Nullable Array bias, List<String> labels) {
        if (bias == null || bias.elements() != labels.size()) {
            throw new InputException(file + " names " + labels.size() + " labels, but "
                    + (bias == null ? "has no head" : "its head tells " + bias.elements() + " apart"));
        }
    }

    private static byte[] part(Path file, Safetensors content, String key) {
        String json = content.metadata().get(key);
        if (json == null) {
            throw new InputException(file + " is no adapter that Graft wrote: its metadata lacks '" + key
                    + "'; 'graft train --save-adapter' writes one");
        }
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The classifier that the adapter makes of its base; the adapter's weights stand beside the base's.
     *
     * @throws InputException if the base is not the one that the adapter was made for, or a weight does not fit it
     */
    public Graph on(Pretrained given) {
        return adapter.apply(headed(given));
    }

    /**
     * The classifier that the adapter makes of its base, the adapter taken into the base's weights where its method
     * allows that.
     *
     * @throws InputException as {@link #on}
     */
    public Graph mergedInto(Pretrained given) {
        return adapter.merged(headed(given));
    }

    private Graph headed(Pretrained given) {
        requireBase(given);
        return new ClassifierHead(pooling, labels.size(), 0).apply(Onnx.read(given.model()));
    }

    /**
     * Refuses a base that the adapter was not made for.
     *
     * @throws InputException that names both
     */
    public void requireBase(Pretrained given) {
        if (!given.digest().equals(baseDigest)) {
            throw new InputException("The adapter was made for the model " + base + " (SHA-256 " + baseDigest
                    + "), not for " + given.name() + " (SHA-256 " + given.digest() + "); give it that model");
        }
    }

    /** PEFT's matrices of a layer are the transposes of those in a graph; factors of results are columns. */
    private static Array inPeft(String name, Array array) {
        if (name.endsWith(Ia3.FACTORS)) {
            return array.rank() == 1 ? array.reshape(array.elements(), 1) : array;
        }
        return turned(name, array);
    }

    private static Array inGraph(String name, Array array) {
        if (name.endsWith(Ia3.FACTORS)) {
            return array.rank() == 2 && array.size(1) == 1 ? array.reshape(array.elements()) : array;
        }
        return turned(name, array);
    }

    private static Array turned(String name, Array array) {
        if (!AdapterMethod.adds(name) || array.rank() != 2) {
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
