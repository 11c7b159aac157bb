package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Held to what the definitions of the operators say by hand. */
class MultiplyAddsTest {
    private static MultiplyAdds count(String text, Map<String, Array> inputs) {
        Graph graph = GraphText.parse(text);
        return MultiplyAdds.of(graph, inputs, TorchSettings.defaults().withThreads(1));
    }

    private static long of(Node node, List<long[]> operands, long... result) {
        return Products.multiplyAdds(node, operands, List.of(result));
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    @Test
    void aRunIsCountedByOperator() {
        MultiplyAdds found = count("""
                g (float[2,3,4] x, float[4,5] w, float[5,7] v) => (float[6,7] y) {
                  product = MatMul (x, w)
                  rows = Flatten <axis = 2> (product)
                  active = Relu (rows)
                  y = Gemm (active, v)
                }
                """, Map.of("x", zeros(2, 3, 4), "w", zeros(4, 5), "v", zeros(5, 7)));
        assertThat(found.byOperator()).isEqualTo(Map.of("MatMul", 2L * 3 * 5 * 4, "Gemm", 6L * 7 * 5));
        assertThat(found.total()).isEqualTo(120 + 210);
    }

    @Test
    void onlyTheBranchThatIsTakenCounts() {
        String text = """
                g (bool c, float[3,3] x) => (float[3,3] y) {
                  y = If (c) <
                    then_branch = a () => (p) { p = MatMul (x, x) },
                    else_branch = b () => (q) { q = Neg (x) }
                  >
                }
                """;
        assertThat(count(text, Map.of("c", Array.of(new boolean[] {true}), "x", zeros(3, 3)))
                        .total())
                .isEqualTo(27);
        assertThat(count(text, Map.of("c", Array.of(new boolean[] {false}), "x", zeros(3, 3)))
                        .total())
                .isZero();
    }

    @Test
    void aConvolutionMultipliesItsWindowForEachOutput() {
        // AlexNet's first layer without padding: 55 × 55 outputs of 96 filters of 3 × 11 × 11.
        assertThat(of(Node.of("Conv", "y"), List.of(shape(1, 3, 227, 227), shape(96, 3, 11, 11)), 1, 96, 55, 55))
                .isEqualTo(105_415_200);
        // A depthwise convolution has one input a group.
        assertThat(of(Node.of("Conv", "y"), List.of(shape(1, 8, 6, 6), shape(8, 1, 3, 3)), 1, 8, 4, 4))
                .isEqualTo(8 * 16 * 9);
        assertThat(of(Node.of("ConvTranspose", "y"), List.of(shape(1, 4, 5, 5), shape(4, 2, 3, 3)), 1, 2, 7, 7))
                .isEqualTo(4 * 25 * 2 * 9);
        assertThat(of(
                        Node.of("QLinearConv", "y"),
                        List.of(shape(1, 3, 8, 8), shape(), shape(), shape(5, 3, 3, 3)),
                        1,
                        5,
                        6,
                        6))
                .isEqualTo(5 * 36 * 27);
    }

    @Test
    void aRecurrenceMultipliesInputAndStateInEveryStep() {
        // [steps, batch, inputs], [directions, gates * hidden, inputs], [directions, gates * hidden, hidden]
        assertThat(of(Node.of("LSTM", "y"), List.of(shape(10, 2, 3), shape(2, 16, 3), shape(2, 16, 4)), 10, 2, 2, 4))
                .isEqualTo(10 * 2 * (2 * 16 * 3 + 2 * 16 * 4));
    }

    @Test
    void aContractionRunsOverAllItsIndices() {
        Node einsum = Node.of("Einsum", "y").with("equation", new Attribute.Text("bij, bjk -> bik"));
        assertThat(of(einsum, List.of(shape(2, 3, 4), shape(2, 4, 5)), 2, 3, 5)).isEqualTo(2 * 3 * 4 * 5);
        Node open = Node.of("Einsum", "y").with("equation", new Attribute.Text("...ij,...jk->...ik"));
        assertThat(of(open, List.of(shape(6, 7, 3, 4), shape(6, 7, 4, 5)), 6, 7, 3, 5))
                .isEqualTo(6 * 7 * 3 * 4 * 5);
        Node trace = Node.of("Einsum", "y").with("equation", new Attribute.Text("ii->i"));
        assertThat(of(trace, List.of(shape(4, 4)), 4)).isZero();
    }

    @Test
    void attentionReadsAllPositionsTwice() {
        Node attention = Node.of("Attention", "y");
        assertThat(of(attention, List.of(shape(2, 5, 8), shape(2, 7, 8), shape(2, 7, 8)), 2, 5, 8))
                .isEqualTo(2 * 2 * 5 * 7 * 8);
        assertThat(of(
                        attention,
                        List.of(shape(2, 4, 5, 8), shape(2, 4, 7, 8), shape(2, 4, 7, 8), shape(), shape(2, 4, 3, 8)),
                        2,
                        4,
                        5,
                        8))
                .isEqualTo(2 * 2 * 4 * 5 * (7 + 3) * 8);
        Node packed = Node.of("Attention", "y").in("com.microsoft");
        assertThat(of(packed, List.of(shape(2, 5, 8), shape(8, 24)), 2, 5, 8))
                .isEqualTo(2 * 5 * 8 * 24 + 2 * 2 * 5 * 5 * 8);
    }

    private static Array zeros(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Array.of(new float[(int) count], shape);
    }
}
