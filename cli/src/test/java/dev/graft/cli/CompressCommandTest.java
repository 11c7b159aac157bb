package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressCommandTest {
    @TempDir
    Path folder;

    private Path bundle = Path.of("");
    private Path graph = Path.of("");

    @BeforeEach
    void writeABundleAndAGraph() throws IOException {
        bundle = TinyBundle.write(Files.createDirectory(folder.resolve("one")));
        graph = folder.resolve("same.onnx");
        Onnx.write(TinyBundle.graph(), graph);
    }

    private Ran compress(Path output) {
        return Ran.of(
                folder, "compress", bundle.toString(), "--graph", graph.toString(), "--output", output.toString());
    }

    @Test
    void theBundleWithTheNewGraphAnswers() {
        Path output = folder.resolve("smaller");
        Ran ran = compress(output);
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(ran.messages()).contains("2 of 2 parity examples").contains("graft evaluate");
        assertThat(Ran.of(folder, "predict", output.toString(), "card lost").exitCode())
                .isZero();
    }

    @Test
    void aPlaceThatIsTakenIsRefusedBeforeAnythingIsComputed() {
        Ran ran = compress(bundle);
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("holds a bundle already");
    }

    @Test
    void aMissingGraphIsNamed() throws IOException {
        Files.delete(graph);
        Ran ran = compress(folder.resolve("smaller"));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("same.onnx");
    }
}
