package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import org.junit.jupiter.api.Test;

class LiftConstantsTest {
    private static Graph lifted(String text) {
        return new LiftConstants().apply(GraphText.parse(text));
    }

    @Test
    void realArraysBecomeWeightsUnderTheirOwnNames() {
        Graph graph = lifted("""
                g (float[2] x) => (float[2] y) {
                  w = Constant <value = float[2] {3, 4}> ()
                  y = Mul (x, w)
                }
                """);
        assertThat(graph.weights()).containsEntry("w", Array.of(new float[] {3, 4}, 2));
        assertThat(graph.nodes()).extracting(node -> node.operator()).containsExactly("Mul");
    }

    @Test
    void shapesFactorsAndOutputsStay() {
        Graph graph = GraphText.parse("""
                g (float[2] x) => (float[2,1] y, float[2] z) {
                  shape = Constant <value = int64[2] {2, 1}> ()
                  factor = Constant <value = float {2}> ()
                  z = Constant <value = float[2] {1, 2}> ()
                  doubled = Mul (x, factor)
                  y = Reshape (doubled, shape)
                }
                """);
        assertThat(new LiftConstants().apply(graph)).isSameAs(graph);
    }
}
