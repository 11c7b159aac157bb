package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What stands between a weight and the loss is told before anything is trained. */
class GradientPathsTest {
    private static Graph graph(String nodes) {
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[2] x, bool c) => (float[2] y)
                <float[2] w = {1, 2}, float[2] v = {3, 4}, float[1] one = {1}, int64[1] two = {2}>
                {
                    %s
                }
                """.formatted(nodes));
    }

    private static Map<String, String> obstacles(String nodes) {
        return new GradientPaths(graph(nodes), Operators.standard()).obstacles();
    }

    @Test
    void aNodeWithoutAGradientIsNamedWithItsScope() {
        Map<String, String> obstacles = obstacles("""
                a = Mul (x, w)
                ["/head/Round_1"] b = Round (a)
                y = Mul (b, v)
                """);
        assertThat(obstacles.get("w"))
                .isEqualTo(
                        "node '/head/Round_1' (Round) in scope 'head', which no gradient goes back through, stands between"
                                + " it and the outputs");
        assertThat(obstacles).doesNotContainKey("v");
    }

    @Test
    void oneOpenPathSuffices() {
        assertThat(obstacles("a = Floor (w) b = Mul (w, x) y = Add (a, b)")).doesNotContainKey("w");
    }

    @Test
    void aCastToWholeNumbersBlocksAndOneToRealNumbersDoesNot() {
        String back = "a = Mul (x, w) b = Cast <to = %d> (a) y = Cast <to = 1> (b)";
        assertThat(obstacles(back.formatted(7)).get("w")).contains("node 'b' (Cast)");
        assertThat(obstacles(back.formatted(11))).doesNotContainKey("w");
    }

    @Test
    void aWeightThatNothingReadsIsToldSo() {
        assertThat(obstacles("y = Mul (x, w)"))
                .containsEntry("v", "no output of the model depends on it")
                .doesNotContainKey("two");
    }

    @Test
    void namingAWeightThatCannotLearnIsRefused() {
        try (Network network = OneNode.TORCH.prepare(graph("a = Floor (w) y = Mul (a, v)"))) {
            assertThat(network.untrainable()).containsOnlyKeys("one", "w");
            assertThatThrownBy(() -> network.trainable(Set.of("v", "w")))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining(
                            "no gradient reaches weight 'w': node 'a' (Floor), which no gradient goes back through, stands between");
            network.trainable(Set.of("v"));
        }
    }

    /** The table says of an operator that it has no gradient; so says autograd. */
    @Test
    void whatTheTableSaysOfFloorIsWhatLibtorchDoes() {
        Graph graph = graph("a = Floor (w) y = Mul (a, x)");
        Map<String, Array> inputs = Map.of("x", Array.of(new float[] {1, 2}, 2), "c", Array.of(new boolean[] {true}));
        Map<String, Array> gradients = Backward.gradients(graph, inputs, Array.of(new float[] {1, 1}, 2), Set.of("w"));
        assertThat(OneNode.value(gradients, "w").floats()).containsExactly(0, 0);
    }
}
