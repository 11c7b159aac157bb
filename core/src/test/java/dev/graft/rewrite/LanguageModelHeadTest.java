package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.ValueInfo;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LanguageModelHeadTest {
    private static final LanguageModelHead HEAD = new LanguageModelHead();

    @Test
    void theTableOfWordsIsTheHeadsWeight() {
        Graph graph = HEAD.apply(Trunks.encoder(17));
        assertThat(operators(graph)).containsExactly("Gather", "GatherND", "MatMul", "Transpose", "MatMul", "Add");
        assertThat(Trunks.node(graph, "Transpose").input(0)).isEqualTo("table");
        assertThat(graph.outputs()).extracting(ValueInfo::name).containsExactly(ClassifierHead.LOGITS);
        assertThat(graph.inputs())
                .extracting(ValueInfo::name)
                .containsExactly("input_ids", "attention_mask", LanguageModelHead.PLACES);
        assertThat(graph.weights()).containsKey("table").doesNotContainKey("dense");
    }

    @Test
    void theLayerBeginsAsTheIdentityAndTheBiasAsZero() {
        Graph graph = HEAD.apply(Trunks.encoder(17));
        assertThat(Objects.requireNonNull(graph.weights().get("language_model.dense"))
                        .floats())
                .containsExactly(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
        assertThat(Objects.requireNonNull(graph.weights().get("language_model.bias"))
                        .floats())
                .hasSize(10)
                .containsOnly(0);
    }

    @Test
    void aGraphWithoutATableOfWordsIsRefused() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,S,4] pixels) => (float[B,S,4] last_hidden_state)
                   <float[4,4] dense = {...}>
                { last_hidden_state = MatMul (pixels, dense) }
                """);
        assertThatThrownBy(() -> HEAD.apply(graph))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no vocabulary to predict: no Gather reads a table");
    }

    @Test
    void tokenVectorsOfAnotherWidthAreRefused() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (int64[B,S] input_ids) => (float[B,S,6] last_hidden_state)
                   <float[10,4] table = {...}, float[4,6] dense = {...}>
                {
                   words = Gather (table, input_ids)
                   last_hidden_state = MatMul (words, dense)
                }
                """);
        assertThatThrownBy(() -> HEAD.apply(graph))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("[last_hidden_state]")
                .hasMessageContaining("a vector of 4 numbers");
    }

    @Test
    void anOldOperatorSetIsRefused() {
        assertThatThrownBy(() -> HEAD.apply(Trunks.encoder(10)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("operator set 11 or later");
    }
}
