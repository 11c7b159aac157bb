package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of a mapped file can be read from it without the mapping, as long as it is the same file. */
class ModelFileTest {
    private static final int ELEMENTS = 100_000;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("model.onnx");
        write(file, 1);
    }

    private static void write(Path file, float value) {
        float[] values = new float[ELEMENTS];
        Arrays.fill(values, value);
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[n] x) => (float[n] y) { y = Add (x, w) }
                """.replace("{ y", "<float[1] w = {0}> { y"));
        Onnx.write(graph.withWeights(Map.of("w", Array.of(values, ELEMENTS))), file);
    }

    private static float[] copied(Array array) {
        ByteBuffer target = Array.allocate(4L * ELEMENTS);
        array.copyTo(target);
        float[] values = new float[ELEMENTS];
        target.asFloatBuffer().get(values);
        return values;
    }

    private Array weight() {
        return Objects.requireNonNull(Onnx.read(file).weights().get("w"));
    }

    @Test
    void theFileGivesWhatTheMappingShows() throws IOException {
        Array weight = weight();
        assertThat(copied(weight)).isEqualTo(weight.floats());
        assertThat(copied(weight.reshape(ELEMENTS / 10, 10))).isEqualTo(weight.floats());
        List<Byte> read = bytes(ModelFile.of(file).at(Files.size(file) - 4), 4);
        assertThat(read).hasSize(4);
    }

    private static List<Byte> bytes(dev.graft.tensor.Origin origin, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        origin.read(target);
        return java.util.stream.IntStream.range(0, count).mapToObj(target::get).toList();
    }

    @Test
    void aFileThatTookItsPlaceIsNotRead() throws IOException {
        Array weight = weight();
        Path other = folder.resolve("other.onnx");
        write(other, 2);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(copied(weight)).containsOnly(1);
        assertThat(copied(weight())).containsOnly(2);
    }

    @Test
    void aFileThatIsGoneIsStillShown() throws IOException {
        Array weight = weight();
        Files.delete(file);
        assertThat(copied(weight)).containsOnly(1);
    }

    @Test
    void nothingIsReadBeyondTheEnd() throws IOException {
        var origin = ModelFile.of(file).at(Files.size(file) - 4);
        assertThatThrownBy(() -> bytes(origin, 5)).isInstanceOf(IOException.class);
    }

    @Test
    void whatLiesNowhereIsCopied() {
        float[] values = new float[ELEMENTS];
        values[7] = 3;
        assertThat(copied(Array.of(values, ELEMENTS))).isEqualTo(values);
    }
}
