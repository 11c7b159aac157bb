package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedPrecisionTest {
    private static final String HEADER = "<ir_version: 8, opset_import: [\"\" : 17, \"dev.graft\" : 1]>%n".formatted();

    private static Graph graph(String text) {
        return GraphText.parse(HEADER + text);
    }

    private static void becomes(String before, String after) {
        assertThat(unnamed(new MixedPrecision().apply(graph(before))).toString())
                .isEqualTo(unnamed(graph(after)).toString());
    }

    /** The names of nodes are for people. */
    private static Graph unnamed(Graph graph) {
        return graph.withNodes(
                graph.nodes().stream().map(node -> node.named("")).toList());
    }

    @Test
    void aProductReadsNarrowOperandsAndItsResultIsWidenedForOthers() {
        becomes("""
                g (float[B,4] x) => (float[B] y)
                   <float[4,3] w = {...}, float[3] b = {0, 1, 2}>
                {
                   h = dev.graft.Linear (x, w, b)
                   y = ReduceSum (h)
                }
                """, """
                g (float[B,4] x) => (float[B] y)
                   <float[4,3] w = {...}, float[3] b = {0, 1, 2}>
                {
                   x_narrow = dev.graft.Narrow (x)
                   w_narrow = dev.graft.Narrow (w)
                   b_narrow = dev.graft.Narrow (b)
                   h_narrow = dev.graft.Linear (x_narrow, w_narrow, b_narrow)
                   h = dev.graft.Widen (h_narrow)
                   y = ReduceSum (h)
                }
                """);
    }

    @Test
    void whatLiesBetweenProductsStaysNarrowWithScaleBiasAndMaskAsTheyAre() {
        becomes("""
                g (float[B,S,4] x, float[B,1,1,S] mask) => (float[B] y)
                   <float[4,4] w = {...}, float[4] scale = {1, 1, 1, 1}>
                {
                   h = dev.graft.Linear (x, w)
                   a = dev.graft.Attention <heads = 2> (h, h, h, mask)
                   s = Add (a, x)
                   n = dev.graft.LayerNorm (s, scale)
                   p = dev.graft.Linear (n, w)
                   y = ReduceSum (p)
                }
                """, """
                g (float[B,S,4] x, float[B,1,1,S] mask) => (float[B] y)
                   <float[4,4] w = {...}, float[4] scale = {1, 1, 1, 1}>
                {
                   x_narrow = dev.graft.Narrow (x)
                   w_narrow = dev.graft.Narrow (w)
                   h_narrow = dev.graft.Linear (x_narrow, w_narrow)
                   a_narrow = dev.graft.Attention <heads = 2> (h_narrow, h_narrow, h_narrow, mask)
                   s_narrow = Add (a_narrow, x_narrow)
                   n_narrow = dev.graft.LayerNorm (s_narrow, scale)
                   p_narrow = dev.graft.Linear (n_narrow, w_narrow)
                   p = dev.graft.Widen (p_narrow)
                   y = ReduceSum (p)
                }
                """);
    }

    /** Losses and answers are computed from outputs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "y = dev.graft.Linear (x, w)",
                "y = Relu (x)",
                "h = Relu (x)\n y = MatMul (h, w)",
                "h = ReduceMax (x)\n y = Add (h, x)"
            })
    void whatComputesAnOutputAndWhatFollowsNoProductStaysAsItIs(String nodes) {
        Graph graph = graph("g (float[B,4] x) => (float[B,4] y) <float[4,4] w = {...}> {\n" + nodes + "\n}");
        assertThat(new MixedPrecision().apply(graph).nodes()).isEqualTo(graph.nodes());
    }

    @Test
    void factorsThatWereComputedWideKeepTheProductWide() {
        becomes("""
                g (float[B,4] x, float[B,4] factor) => (float[B] y)
                   <float[4,4] w = {...}, float third = {0.333}>
                {
                   h = MatMul (x, w)
                   i = Mul (h, third)
                   j = Mul (i, factor)
                   y = ReduceSum (j)
                }
                """, """
                g (float[B,4] x, float[B,4] factor) => (float[B] y)
                   <float[4,4] w = {...}, float third = {0.333}>
                {
                   x_narrow = dev.graft.Narrow (x)
                   w_narrow = dev.graft.Narrow (w)
                   h_narrow = MatMul (x_narrow, w_narrow)
                   i_narrow = Mul (h_narrow, third)
                   i = dev.graft.Widen (i_narrow)
                   j = Mul (i, factor)
                   y = ReduceSum (j)
                }
                """);
    }

    @Test
    void namesThatAreTakenAreLeftAlone() {
        Graph after = new MixedPrecision().apply(graph("""
                g (float[B,4] x, float[B,4] x_narrow) => (float[B] y)
                   <float[4,4] w = {...}>
                {
                   h = MatMul (x, w)
                   i = Add (h, x_narrow)
                   y = ReduceSum (i)
                }
                """));
        assertThat(after.toString()).contains("x_narrow_2 = dev.graft.Narrow (x)");
        assertThat(after.inputs()).extracting(input -> input.name()).containsExactly("x", "x_narrow");
    }
}
