package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private static Graph member(long seed) {
        return new ClassifierHead(Pooling.NONE, 3, seed).apply(Trunks.encoder(17));
    }

    @Test
    void whatMembersHaveInCommonIsThereOnce() {
        Graph graph = Ensemble.of(List.of(member(1), member(2), member(3)));
        assertThat(operators(graph))
                .containsExactly(
                        "Gather", "Gather", "MatMul", "Gemm", "Gemm", "Gemm", "Softmax", "Softmax", "Add", "Softmax",
                        "Add", "Div", "Max", "Log");
        assertThat(graph.weights().keySet())
                .contains("table", "dense", "classifier.weight", "classifier.weight_2", "classifier.weight_3")
                .doesNotContain("table_2", "classifier.bias_2");
        assertThat(graph.outputs()).extracting(ValueInfo::name).containsExactly(ClassifierHead.LOGITS);
        assertThat(graph.inputs()).isEqualTo(member(1).inputs());
        assertThat(graph.nodes())
                .extracting(Node::name)
                .filteredOn(name -> !name.isEmpty())
                .doesNotHaveDuplicates();
    }

    @Test
    void aMemberWithATrunkOfItsOwnIsComputedByItself() {
        Graph other = member(2);
        Map<String, Array> weights = new LinkedHashMap<>(other.weights());
        float[] ones = new float[16];
        java.util.Arrays.fill(ones, 1);
        weights.put("dense", Array.of(ones, 4, 4));
        Graph graph = Ensemble.of(List.of(member(1), other.withWeights(weights)));
        assertThat(operators(graph)).filteredOn("MatMul"::equals).hasSize(2);
        assertThat(graph.weights()).containsKeys("dense", "dense_2").doesNotContainKey("table_2");
    }

    @Test
    void membersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Ensemble.of(List.of(member(1))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 members or more, not 1");
        Graph older = new ClassifierHead(Pooling.NONE, 3, 1).apply(Trunks.encoder(13));
        assertThatThrownBy(() -> Ensemble.of(List.of(member(1), older)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("the same inputs and operator sets");
        assertThatThrownBy(() -> Ensemble.of(List.of(Trunks.encoder(17), Trunks.encoder(17))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no output 'logits'");
    }
}
