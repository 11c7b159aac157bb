package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoraTest {
    private static final Graph GRAPH = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[B,2] x) => (float[B,2] y)
               <float[2,2] w = {1, 2, 3, 4}, float[2] bias = {5, 6}, float[2,2] v = {1, 0, 0, 1}>
            {
               p = MatMul (x, w)
               h = Add (bias, p)
               y = Gemm <transB: int = 1> (h, v)
            }
            """);

    private static Graph with(Selector where) {
        return new Lora(1, 2, 0, where, 7).apply(GRAPH);
    }

    private static Graph merged(Graph graph, Map<String, Array> tuned) {
        return new Lora(1, 2, 0, Selector.all(), 7).merged(graph, tuned).orElseThrow();
    }

    @Test
    void aBranchJoinsBehindTheBias() {
        Graph after = with(Selector.operator("MatMul"));
        assertThat(operators(after)).containsExactly("MatMul", "Add", "MatMul", "MatMul", "Mul", "Add", "Gemm");
        assertThat(after.nodes().get(5).output()).isEqualTo("h");
        assertThat(after.nodes().get(2).input(0)).isEqualTo("x");
        assertThat(after.weights()).containsAllEntriesOf(GRAPH.weights());
    }

    @Test
    void branchesStartAtZero() {
        Graph after = with(Selector.all());
        assertThat(after.weights().keySet())
                .filteredOn(name -> name.endsWith(Lora.UP))
                .hasSize(2)
                .allSatisfy(name -> assertThat(weight(after, name).floats()).containsOnly(0));
        assertThat(after.weights().keySet())
                .filteredOn(name -> name.endsWith(Lora.DOWN))
                .hasSize(2)
                .allSatisfy(name -> assertThat(weight(after, name).floats()).doesNotContain(0));
    }

    @Test
    void theSameSeedDrawsTheSameBranches() {
        assertThat(with(Selector.all())).isEqualTo(with(Selector.all()));
    }

    @Test
    void untrainedBranchesMergeIntoTheGraphThatWas() {
        assertThat(merged(GRAPH, with(Selector.all()).weights())).isEqualTo(GRAPH);
    }

    /** w + 2 · a · b, for a weight as it stands and for a transposed one. */
    @Test
    void trainedBranchesAreAddedToTheirWeights() {
        Graph grown = with(Selector.all());
        Map<String, Array> trained = new LinkedHashMap<>(grown.weights());
        trained.replaceAll((name, array) -> name.endsWith(Lora.DOWN)
                ? Array.of(new float[] {1, 10}, 2, 1)
                : name.endsWith(Lora.UP) ? Array.of(new float[] {0.5f, 1}, 1, 2) : array);
        Graph merged = merged(GRAPH, trained);
        assertThat(merged.nodes()).isEqualTo(GRAPH.nodes());
        assertThat(weight(merged, "w").floats()).containsExactly(2, 4, 13, 24);
        assertThat(weight(merged, "v").floats()).containsExactly(2, 10, 2, 21);
        assertThat(merged.weights()).containsOnlyKeys("w", "bias", "v");
    }

    @Test
    void productsThatShareAWeightShareTheBranch() {
        Graph twice = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,2] x) => (float[B,2] y) <float[2,2] w = {1, 2, 3, 4}>
                {
                   h = MatMul (x, w)
                   y = MatMul (h, w)
                }
                """);
        Graph after = new Lora(1, 2, 0, Selector.all(), 7).apply(twice);
        assertThat(after.weights()).hasSize(4);
        assertThat(merged(twice, after.weights())).isEqualTo(twice);
    }

    @Test
    void aGraphWithoutSuchProductsIsRefused() {
        assertThatThrownBy(() -> with(Lora.QUERY_AND_VALUE))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("No product with a weight lies where the adapter is to go")
                .hasMessageContaining("graft inspect");
        assertThatThrownBy(() -> new Lora(1, 2, 0, Selector.all(), 7).apply(with(Selector.all())))
                .hasMessageContaining("has an adapter already");
    }

    @Test
    void numbersThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> new Lora(0, 16, 0, Selector.all(), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 or more, not 0; 8 is usual");
        assertThatThrownBy(() -> new Lora(8, 0, 0, Selector.all(), 1)).hasMessageContaining("16 is usual");
    }

    private static Array weight(Graph graph, String name) {
        return java.util.Objects.requireNonNull(graph.weights().get(name), name);
    }
}
