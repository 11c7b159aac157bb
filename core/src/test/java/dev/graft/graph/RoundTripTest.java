package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
    @TempDir
    Path folder;

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("wild")
    void aModelFromTheWildComesBackByteForByte(Path model) throws IOException {
        comesBack(model);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("families")
    void anExportOfAnEncoderComesBackByteForByte(Path model) throws IOException {
        comesBack(model);
    }

    @Test
    void theNinetyMegabyteEncoderComesBackByteForByte() throws IOException {
        comesBack(Models.miniLm(folder));
    }

    @Test
    void whatRealModelsSeldomHoldComesBackByteForByte() {
        Graph graph = Onnx.read(ByteBuffer.wrap(RichModel.bytes()), "rich.onnx");
        assertThat(RichModel.bytes(ModelWriter.model(graph, Optional.empty()))).isEqualTo(RichModel.bytes());
    }

    private void comesBack(Path model) throws IOException {
        Graph graph = Onnx.read(model);
        Path copy = folder.resolve("copy.onnx");
        Onnx.write(graph, copy);
        assertThat(Files.mismatch(model, copy)).as("first different byte").isEqualTo(-1);
        assertThat(Onnx.read(copy)).isEqualTo(graph);
    }

    static List<Path> wild() {
        return Models.shared();
    }

    static List<Path> families() {
        return Models.families();
    }
}
