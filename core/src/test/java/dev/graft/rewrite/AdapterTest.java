package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdapterTest {
    private static final Graph HEADED = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[B,3] x) => (float[B,2] logits)
               <float[3,2] w = {1, 2, 3, 4, 5, 6}, float[2,2] "classifier.weight" = {1, 0, 0, 1},
                float[2] "classifier.bias" = {0, 0}>
            {
               h = MatMul (x, w)
               logits = Gemm <transB: int = 1> (h, "classifier.weight", "classifier.bias")
            }
            """);
    private static final Lora LORA = new Lora(1, 2, 0, Selector.operator("MatMul"), 7);

    /** Branches and head as if they had been trained. */
    private static Graph tuned() {
        Graph grown = LORA.apply(HEADED);
        Map<String, Array> weights = new LinkedHashMap<>(grown.weights());
        weights.put("h_2" + Lora.DOWN, Array.of(new float[] {1, 10, 100}, 3, 1));
        weights.put("h_2" + Lora.UP, Array.of(new float[] {0.5f, 1}, 1, 2));
        weights.put(ClassifierHead.WEIGHT, Array.of(new float[] {5, 6, 7, 8}, 2, 2));
        weights.put(ClassifierHead.BIAS, Array.of(new float[] {9, 10}, 2));
        return grown.withWeights(weights);
    }

    private static Adapter with(Map<String, Array> changed) {
        Map<String, Array> weights =
                new LinkedHashMap<>(Adapter.of(LORA, tuned()).weights());
        weights.putAll(changed);
        return new Adapter(LORA, weights);
    }

    @Test
    void anAdapterHoldsBranchesAndHeadAlone() {
        assertThat(Adapter.of(LORA, tuned()).weights())
                .containsOnlyKeys("h_2.lora_A.weight", "h_2.lora_B.weight", "classifier.weight", "classifier.bias");
    }

    @Test
    void onTheBaseItMakesTheTunedGraph() {
        assertThat(Adapter.of(LORA, tuned()).apply(HEADED)).isEqualTo(tuned());
    }

    @Test
    void mergedItHasTheNodesOfTheBase() {
        Graph merged = Adapter.of(LORA, tuned()).merged(HEADED);
        assertThat(merged.nodes()).isEqualTo(HEADED.nodes());
        assertThat(merged.weights()).containsOnlyKeys("w", "classifier.weight", "classifier.bias");
        assertThat(merged.weights()).containsEntry(ClassifierHead.BIAS, Array.of(new float[] {9, 10}, 2));
    }

    @Test
    void aGraphWithoutAPlaceForAWeightIsRefused() {
        assertThatThrownBy(() -> with(Map.of("k.lora_A.weight", Array.of(new float[1], 1, 1)))
                        .apply(HEADED))
                .isInstanceOf(GraphException.class)
                .hasMessage("The adapter has a weight 'k.lora_A.weight' for which the graph has no place;"
                        + " it was made for another model");
    }

    @Test
    void aPlaceWithoutAWeightIsRefused() {
        Adapter whole = with(Map.of());
        Map<String, Array> fewer = new LinkedHashMap<>(whole.weights());
        fewer.remove("h_2.lora_B.weight");
        assertThatThrownBy(() -> new Adapter(LORA, fewer).apply(HEADED))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no weight 'h_2.lora_B.weight'");
    }

    @Test
    void anotherWidthIsRefused() {
        assertThatThrownBy(() -> with(Map.of("h_2.lora_A.weight", Array.of(new float[4], 4, 1)))
                        .apply(HEADED))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'h_2.lora_A.weight' is [4, 1] where the graph takes [3, 1]");
    }

    /** A rank that a file claims is never allocated for; only what the file holds is used. */
    @Test
    void aRankThatNoWeightHasIsRefused() {
        Adapter huge = new Adapter(
                new Lora(Integer.MAX_VALUE, 2, 0, LORA.where(), 0),
                with(Map.of()).weights());
        assertThatThrownBy(() -> huge.apply(HEADED))
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "--lora-rank 2147483647 is larger than 'h_2', whose weight is 3 × 2; give 2 at most, 8 is usual");
    }
}
