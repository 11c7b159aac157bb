package dev.graft.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
    private static final OrtRuntime SHARED = new OrtRuntime(
            OrtSettings.DEFAULT.withThreads(2).withSpinning(false).withShared(true));

    @TempDir
    Path folder;

    private static Graph squares() {
        var shape = new Dimension.Symbol("n");
        return Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT, shape)),
                List.of(ValueInfo.of("y", ElementType.FLOAT, shape)),
                List.of(Node.of("Mul", "y", "x", "x")),
                Map.of(),
                17);
    }

    @Test
    void runsThatMeetComputeWhatARunAloneComputes() {
        try (LoadedModel model = SHARED.prepare(squares())) {
            List<Float> together = IntStream.range(0, 2_000)
                    .parallel()
                    .mapToObj(i -> value(model, i))
                    .toList();
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i)).isEqualTo((float) i * i);
            }
        }
    }

    private static float value(LoadedModel model, int x) {
        Map<String, Array> outputs = model.run(Map.of("x", Array.of(new float[] {x}, 1)));
        return Objects.requireNonNull(outputs.get("y")).floats()[0];
    }

    @Test
    void aFileThatDoesNotLoadIsNamedOnce() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "no model");
        assertThatThrownBy(() -> SHARED.prepare(broken))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("broken.onnx");
    }

    @Test
    void aClosedModelRefusesEveryRun() {
        LoadedModel model = SHARED.prepare(squares());
        model.close();
        model.close();
        assertThatThrownBy(() -> value(model, 1)).isInstanceOf(IllegalStateException.class);
    }
}
