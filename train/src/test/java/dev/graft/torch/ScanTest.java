package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sum so far of two sequences, the second read in columns. */
class ScanTest {
    private static final double TOLERANCE = 1e-7;

    private static Graph sums(String attributes) {
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (double[k] s, double[n, k] x, double[k, n] z) => (double[n, k] so_far, double[k] last) {
                    last, so_far = Scan <%s, num_scan_inputs = 2, body = step (double[k] a, double[k] b, double[k] c)
                            => (double[k] sum, double[k] part) {
                        d = Mul (b, c)
                        sum = Add (a, d)
                        part = Identity (sum)
                    }> (s, x, z)
                }
                """.formatted(attributes));
    }

    private static final Map<String, Array> INPUTS = Map.of(
            "s", Array.of(new double[] {100, 200}, 2),
            "x", Array.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2),
            "z", Array.of(new double[] {1, 10, 100, 2, 20, 200}, 2, 3));

    private static Map<String, Array> run(Graph graph, Map<String, Array> inputs) {
        try (Network network = OneNode.TORCH.prepare(graph)) {
            return network.run(inputs);
        }
    }

    private static double[] values(Map<String, Array> outputs, String name) {
        return Doubles.values(OneNode.value(outputs, name));
    }

    @Test
    void readsSlicesOfEachInputAlongItsAxis() {
        Map<String, Array> outputs = run(sums("scan_input_axes = [0, -1]"), INPUTS);
        assertThat(values(outputs, "so_far")).containsExactly(101, 204, 131, 284, 631, 1484);
        assertThat(values(outputs, "last")).containsExactly(631, 1484);
    }

    @Test
    void readsAndWritesBackwards() {
        Map<String, Array> outputs = run(
                sums("scan_input_axes = [0, 1], scan_input_directions = [1, 0], scan_output_directions = [1],"
                        + " scan_output_axes = [-1]"),
                INPUTS);
        assertThat(OneNode.value(outputs, "so_far").shape()).containsExactly(2, 3);
        assertThat(values(outputs, "so_far")).containsExactly(235, 135, 105, 692, 292, 212);
    }

    @Test
    void gradientsFlowThroughAllSteps() {
        GradientCheck.assertAgrees(
                sums("scan_input_axes = [0, 1], scan_input_directions = [1, 0], scan_output_axes = [1]"),
                INPUTS,
                1e3 * TOLERANCE);
    }

    @Test
    void nothingToScanGivesTheStateAndAnEmptySequence() {
        Map<String, Array> outputs = run(
                sums("scan_input_axes = [0, 1]"),
                Map.of(
                        "s", Array.of(new double[] {100, 200}, 2),
                        "x", Array.of(new double[0], 0, 2),
                        "z", Array.of(new double[0], 2, 0)));
        assertThat(values(outputs, "last")).containsExactly(100, 200);
        assertThat(OneNode.value(outputs, "so_far").elements()).isZero();
    }

    @Test
    void inputsOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> run(sums("scan_input_axes = [0, 0]"), INPUTS))
                .hasMessageContaining("(Scan)")
                .hasMessageContaining("lengths 3 and 2");
        assertThatThrownBy(() -> run(sums("scan_input_axes = [0]"), INPUTS))
                .hasMessageContaining("needs 2 scan_input_axes, not 1");
        assertThatThrownBy(() -> run(sums("scan_input_axes = [0, 2]"), INPUTS)).hasMessageContaining("axis 2");
    }

    /** In the first form the first axis is the batch, and what follows the end of a short example is 0. */
    @Test
    void theFirstFormScansEachExampleToItsOwnEnd() {
        Graph graph = GraphText.parse("""
                <ir_version: 3, opset_import: ["" : 8]>
                g (int64[b] lengths, float[b] s, float[b, n] x) => (float[b] last, float[b, n] all) {
                    last, all = Scan <num_scan_inputs = 1, directions = [1], body = step (float a, float c)
                            => (float sum, float part) {
                        sum = Add (a, c)
                        part = Identity (sum)
                    }> (lengths, s, x)
                }
                """);
        Map<String, Array> outputs = run(
                graph,
                Map.of(
                        "lengths", Array.of(new long[] {3, 2}, 2),
                        "s", Array.of(new float[] {0, 10}, 2),
                        "x", Array.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));
        assertThat(OneNode.value(outputs, "last").floats()).containsExactly(6, 19);
        assertThat(OneNode.value(outputs, "all").floats()).containsExactly(3, 5, 6, 15, 19, 0);
    }
}
