package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.NamedArray;
import dev.graft.graph.Onnx;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        var inputs = new LinkedHashMap<String, Array>();
        for (NamedArray array : numbered("input_")) {
            inputs.put(array.name(), array.array());
        }
        return inputs;
    }

    /** The outputs in the order of the graph. */
    List<Array> outputs() {
        return numbered("output_").stream().map(NamedArray::array).toList();
    }

    Array projection() {
        return read(folder.resolve("projection.pb")).array();
    }

    /** PyTorch's gradients by the name of the weight in the graph. */
    Map<String, Array> gradients() {
        var gradients = new LinkedHashMap<String, Array>();
        for (NamedArray array : numbered("gradients/")) {
            gradients.put(array.name(), array.array());
        }
        return gradients;
    }

    private List<NamedArray> numbered(String prefix) {
        var arrays = new ArrayList<NamedArray>();
        for (int i = 0; Files.exists(folder.resolve(prefix + i + ".pb")); i++) {
            arrays.add(read(folder.resolve(prefix + i + ".pb")));
        }
        return arrays;
    }

    static NamedArray read(Path file) {
        try {
            return Onnx.tensor(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
