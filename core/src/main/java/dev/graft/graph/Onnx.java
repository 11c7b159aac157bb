package dev.graft.graph;

import dev.graft.Digest;
import dev.graft.GraftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * ONNX model files.
 *
 * <p>Reading maps a file into memory and leaves the weights where they lie, so the file must not be changed in place
 * while a graph that was read from it is in use (replacing it, as {@link #write} does, is safe). Nothing that a file says
 * is trusted: sizes are held against what the file has before anything is allocated, and weights in other files are
 * looked for only in the model's own folder.
 *
 * <p>Reading and writing an untouched model gives the same model; the same bytes too, if the file was in protobuf's
 * canonical order and its weights lay within it. What Graft does not interpret is kept as it came. Nodes that stand in
 * the wrong order, but form no cycle, are put in order.
 *
 * <p>Source: onnx.proto, IR versions 3 to 11, and the ONNX specification's "External Data".
 */
public final class Onnx {
    /** What protobuf's own readers take at most. */
    private static final long LARGEST = Integer.MAX_VALUE;

    private Onnx() {}

    /**
     * Reads a model; its weights stay in the file.
     *
     * @throws GraphException if the file is missing or no valid model; the message names file and node or weight
     */
    public static Graph read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new GraphException(
                    Files.exists(file)
                            ? "'" + file + "' is no file but a folder or device; give the path of a .onnx file"
                            : "There is no model file '" + file + "'; check the path");
        }
        try (Content content = Content.of(file, file.toString());
                ExternalData files = ExternalData.beside(file)) {
            return read(content, files);
        } catch (IOException e) {
            throw new GraphException("'" + file + "' cannot be read: " + e.getMessage() + "; check its permissions", e);
        }
    }

    /**
     * Reads a model from memory; its weights stay where they are.
     *
     * @param source how messages name where the bytes come from
     * @throws GraphException if the bytes are no valid model, or its weights lie in other files
     */
    public static Graph read(ByteBuffer bytes, String source) {
        return read(Content.of(bytes, source), ExternalData.none());
    }

    private static Graph read(Content content, ExternalData files) {
        if (content.size() == 0) {
            throw new GraphException(content.source() + " is empty; fetch or export it again");
        }
        return ModelReader.read(Wire.of(content), files);
    }

    /**
     * Writes a model: aside first, then moved into place.
     *
     * <p>A model beyond 2 GB, which is more than one protobuf file may have, keeps its weights in a second file named
     * after the first with {@code .data} behind it.
     *
     * @throws GraftException if the files cannot be written
     */
    public static void write(Graph graph, Path file) {
        write(graph, file, LARGEST);
    }

    static void write(Graph graph, Path file, long largest) {
        try {
            Output whole = ModelWriter.model(graph, Optional.empty());
            if (whole.size() <= largest) {
                WholeFile.write(file, whole::writeTo);
                return;
            }
            var weights = new WeightFile(file.getFileName() + ".data");
            Output model = ModelWriter.model(graph, Optional.of(weights));
            WholeFile.write(file.resolveSibling(weights.name()), weights::writeTo);
            WholeFile.write(file, model::writeTo);
        } catch (IOException e) {
            throw new GraftException(
                    "The model cannot be written to '" + file + "': " + e.getMessage()
                            + "; check that the folder is there, may be written to, and has room",
                    e);
        }
    }

    /** A digest of all that a model is: equal for equal graphs with equal weights. */
    public static String digest(Graph graph) {
        return Digest.of(out -> ModelWriter.model(graph, Optional.empty()).writeTo(Channels.newChannel(out)));
    }

    /**
     * Reads a file that holds a single array ({@code TensorProto}), as ONNX's own tests keep them.
     *
     * @throws GraphException if the bytes are no valid array
     */
    public static NamedArray tensor(ByteBuffer bytes) {
        TensorReader.Tensor tensor =
                TensorReader.read(Wire.of(Content.of(bytes, "The tensor file")), ExternalData.none(), "array");
        return new NamedArray(tensor.name(), tensor.array());
    }
}
