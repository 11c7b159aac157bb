package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayRowsTest {
    @TempDir
    Path folder;

    @Test
    void aBatchHoldsItsRowsInTheirOrder() {
        var rows = new ArrayRows(
                Map.of(
                        "x", Array.of(new float[] {0, 1, 10, 11, 20, 21}, 3, 2),
                        "n", Array.of(new long[] {5, 6, 7}, 3)),
                new int[] {1, 0, 1});
        Map<String, Array> batch = rows.inputs(new int[] {2, 0});
        assertThat(batch.get("x")).isEqualTo(Array.of(new float[] {20, 21, 0, 1}, 2, 2));
        assertThat(batch.get("n")).isEqualTo(Array.of(new long[] {7, 5}, 2));
        assertThat(rows.targets(new int[] {2, 1})).isEqualTo(Array.of(new long[] {1, 0}, 2));
        assertThat(rows.lengths()).containsExactly(1, 1, 1);
        assertThat(rows.name(2)).isEqualTo("row 2 (class 1)");
    }

    @Test
    void everyRowNeedsItsLabel() {
        assertThatThrownBy(() -> new ArrayRows(Map.of("x", Array.of(new float[6], 3, 2)), new int[2]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'x' must hold 2 rows")
                .hasMessageContaining("float[3,2]");
    }

    /** Two clouds of points, one around -1 and one around 1, which a linear layer tells apart. */
    @Test
    void aGraphThatIsNoTextEncoderLearnsFromThem() {
        Graph graph = GraphText.parse("""
                g (float[N,2] x) => (float[N,2] logits) <float[2,2] weight = {0, 0, 0, 0}> {
                  logits = MatMul (x, weight)
                }
                """);
        Phase phase = new Phase("all", 3, Selector.all(), new Schedule.Constant(0.05));
        Policy policy = new Policy(List.of(phase), 8, 1, 0, 0, 0, 0, 0, 1);
        try (Network network = new Torch(TorchSettings.defaults().withThreads(1), unfused -> unfused).prepare(graph)) {
            History history = new Training(
                            network,
                            graph,
                            clouds(64, 1),
                            new RowsValidation(clouds(32, 2), 8),
                            policy,
                            new Checkpoints(folder, "clouds", Duration.ofDays(1)),
                            Listener.NONE,
                            () -> false)
                    .run();
            assertThat(history.best().orElseThrow().validationMetric()).isEqualTo(1);
        }
    }

    private static ArrayRows clouds(int count, long seed) {
        Random random = new Random(seed);
        float[] points = new float[2 * count];
        int[] labels = new int[count];
        for (int row = 0; row < count; row++) {
            labels[row] = row % 2;
            for (int i = 0; i < 2; i++) {
                points[2 * row + i] = (float) (2 * labels[row] - 1 + 0.3 * random.nextGaussian());
            }
        }
        return new ArrayRows(Map.of("x", Array.of(points, count, 2)), labels);
    }
}
