package dev.graft.cli;

import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes an encoder whose outputs overflow. */
final class Explosion {
    private Explosion() {}

    /** Puts float's largest value into every vector of the encoder. */
    static void in(Path encoder) throws IOException {
        Graph graph = Onnx.read(ByteBuffer.wrap(Files.readAllBytes(encoder)), encoder.toString());
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.replaceAll((name, array) -> {
            if (array.rank() != 1 || !array.type().isFloating()) {
                return array;
            }
            float[] values = new float[Math.toIntExact(array.elements())];
            Arrays.fill(values, Float.MAX_VALUE);
            return Array.of(values, array.shape());
        });
        Onnx.write(graph.withWeights(weights), encoder);
    }
}
