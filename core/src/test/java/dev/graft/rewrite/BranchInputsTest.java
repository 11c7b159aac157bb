package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.graph.ValueInfo;
import org.junit.jupiter.api.Test;

class BranchInputsTest {
    private static final Graph GRAPH = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[B,L,2] x) => (float[B,L,3] y)
               <float[2,3] w = {1, 2, 3, 4, 5, 6}, float[3] bias = {7, 8, 9}, float[3,3] v = {1, 0, 0, 0, 1, 0, 0, 0, 1}>
            {
               p = MatMul (x, w)
               h = Add (bias, p)
               y = MatMul (h, v)
            }
            """);

    @Test
    void branchesAreInputsBesideTheProductsThatAreMeant() {
        Graph after = new BranchInputs(Selector.all()).apply(GRAPH);
        assertThat(after.inputs().stream().map(ValueInfo::name))
                .containsExactly(
                        "x", "p_2.lora_A.weight", "p_2.lora_B.weight", "y_2.lora_A.weight", "y_2.lora_B.weight");
        assertThat(after.inputs().get(1).shape().orElseThrow()).hasToString("[?, 2, ?]");
        assertThat(after.inputs().get(2).shape().orElseThrow()).hasToString("[?, ?, 3]");
        assertThat(after.weights()).containsAllEntriesOf(GRAPH.weights());
        assertThat(after.weights().keySet()).noneMatch(BranchInputs::isBranch);
    }

    @Test
    void theBranchJoinsBehindTheBias() {
        Graph after = new BranchInputs(Selector.all()).apply(GRAPH);
        Node sum = after.nodes().stream()
                .filter(node -> node.output().equals("h"))
                .findFirst()
                .orElseThrow();
        assertThat(sum.is("Add")).isTrue();
        assertThat(sum.input(0)).isEqualTo("h_base");
    }

    @Test
    void whereNothingIsMeantIsRefused() {
        assertThatThrownBy(() -> new BranchInputs(Selector.scope("nowhere")).apply(GRAPH))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("No product with a weight");
    }

    @Test
    void aProductWhoseRowsAreTokensOfAllTextsIsRefused() {
        Graph gemm = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,2] x) => (float[B,2] y) <float[2,2] w = {1, 2, 3, 4}>
                {
                   y = Gemm (x, w)
                }
                """);
        assertThatThrownBy(() -> new BranchInputs(Selector.all()).apply(gemm))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Gemm");
    }
}
