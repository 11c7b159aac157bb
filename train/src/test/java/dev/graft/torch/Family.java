package dev.graft.torch;

import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One export of a small random-weight encoder, and what PyTorch computed with the same weights.
 *
 * <p>Recorded by {@code tools/export_families.py}: inputs, outputs, and the gradient of {@code sum(output · projection)}
 * for the weights that the export still holds as they were.
 */
record Family(Path folder) {
    static List<Family> all() {
        try (var folders = Files.list(Path.of(
                Objects.requireNonNull(Family.class.getResource("/families")).toURI()))) {
            return folders.filter(Files::isDirectory).sorted().map(Family::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Graph graph() {
        return Onnx.read(folder.resolve("model.onnx"));
    }

    Map<String, Array> inputs() {
        return recorded("input/");
    }

    /** The outputs in the order of the graph. */
    List<Array> outputs() {
        Map<String, Array> outputs = recorded("output/");
        return graph().outputs().stream()
                .map(output -> Objects.requireNonNull(outputs.get(output.name())))
                .toList();
    }

    Array projection() {
        return Objects.requireNonNull(recorded("projection").get(""));
    }

    /** PyTorch's gradients by the name of the weight in the graph. */
    Map<String, Array> gradients() {
        return recorded("gradient/");
    }

    private Map<String, Array> recorded(String prefix) {
        return recorded(folder, prefix);
    }

    /** The recorded arrays of a folder whose names begin with a prefix, by what follows it. */
    static Map<String, Array> recorded(Path folder, String prefix) {
        var arrays = new LinkedHashMap<String, Array>();
        Safetensors.read(folder.resolve("recorded.safetensors")).arrays().forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                arrays.put(name.substring(prefix.length()), array);
            }
        });
        return arrays;
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
