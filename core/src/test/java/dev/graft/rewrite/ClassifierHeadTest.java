package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierHeadTest {
    /** Of the mean and the deviation of some thousand draws, in units of the deviation. */
    private static final double SAMPLING = 0.1;

    private static ClassifierHead head(Pooling pooling) {
        return new ClassifierHead(pooling, 3, 42);
    }

    private static Array weight(Graph graph, String name) {
        return Objects.requireNonNull(graph.weights().get(name), name);
    }

    @Test
    void theOnlyOutputIsTheLogits() {
        Graph graph = head(Pooling.MEAN).apply(Trunks.encoder(17));
        assertThat(graph.outputs()).extracting(ValueInfo::name).containsExactly(ClassifierHead.LOGITS);
        assertThat(graph.inputs()).isEqualTo(Trunks.encoder(17).inputs());
        assertThat(weight(graph, ClassifierHead.WEIGHT).shape()).containsExactly(3, 4);
        assertThat(weight(graph, ClassifierHead.BIAS).floats()).containsExactly(0, 0, 0);
    }

    @Test
    void whatOnlyTheOldOutputsNeededIsDropped() {
        Graph graph = head(Pooling.MEAN).apply(Trunks.encoder(17));
        assertThat(graph.weights()).containsKey("table").doesNotContainKeys("dense", "zero");
        assertThat(operators(graph)).doesNotContain("MatMul");
    }

    @Test
    void theMeanCountsOnlyTokensThatTheMaskKeeps() {
        assertThat(operators(head(Pooling.MEAN).apply(Trunks.encoder(17))))
                .containsExactly("Gather", "Cast", "Unsqueeze", "Mul", "ReduceSum", "ReduceSum", "Max", "Div", "Gemm");
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12})
    void axesAreAttributesBeforeOpset13(int opset) {
        Graph graph = head(Pooling.MEAN).apply(Trunks.encoder(opset));
        assertThat(Trunks.node(graph, "Unsqueeze").wholes("axes", java.util.List.of()))
                .containsExactly(2L);
        assertThat(Trunks.node(graph, "ReduceSum").inputs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 17, 21})
    void axesAreOperandsFromOpset13(int opset) {
        Graph graph = head(Pooling.MEAN).apply(Trunks.encoder(opset));
        assertThat(weight(graph, Trunks.node(graph, "Unsqueeze").input(1)).longs())
                .containsExactly(2);
        assertThat(weight(graph, Trunks.node(graph, "ReduceSum").input(1)).longs())
                .containsExactly(1);
    }

    @Test
    void theFirstTokenIsGathered() {
        Graph graph = head(Pooling.FIRST_TOKEN).apply(Trunks.encoder(17));
        assertThat(operators(graph)).containsExactly("Gather", "Gather", "Gemm");
        assertThat(graph.nodes().get(1).whole("axis", 0)).isEqualTo(1);
    }

    @Test
    void aVectorOutputNeedsNoPooling() {
        Graph graph = head(Pooling.NONE).apply(Trunks.encoder(17));
        assertThat(operators(graph)).containsExactly("Gather", "Gather", "MatMul", "Gemm");
        assertThat(Trunks.node(graph, "Gemm").input(0)).isEqualTo("pooler_output");
    }

    @Test
    void theSameSeedGivesTheSameWeight() {
        Graph trunk = Trunks.encoder(17);
        Array one = weight(new ClassifierHead(Pooling.MEAN, 3, 1).apply(trunk), ClassifierHead.WEIGHT);
        assertThat(weight(new ClassifierHead(Pooling.MEAN, 3, 1).apply(trunk), ClassifierHead.WEIGHT))
                .isEqualTo(one);
        assertThat(weight(new ClassifierHead(Pooling.MEAN, 3, 2).apply(trunk), ClassifierHead.WEIGHT))
                .isNotEqualTo(one);
    }

    @Test
    void theWeightIsDrawnWithBertsDeviation() {
        float[] values = weight(
                        new ClassifierHead(Pooling.MEAN, 2_000, 5).apply(Trunks.encoder(17)), ClassifierHead.WEIGHT)
                .floats();
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += value * value;
        }
        assertThat(sum / values.length).isCloseTo(0, within(0.02 * SAMPLING));
        assertThat(Math.sqrt(squares / values.length)).isCloseTo(0.02, within(0.02 * SAMPLING));
    }

    @Test
    void anUndeclaredWidthIsReadOffTheLastWeight() {
        Graph trunk = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,S,6] x, int64[B,S] attention_mask) => (float[B,S,W] last_hidden_state)
                   <float[6,5] w = {...}, float[5] b = {...}, float half = {0.5}>
                {
                   p = MatMul (x, w)
                   q = Add (p, b)
                   last_hidden_state = Mul (q, half)
                }
                """);
        assertThat(weight(head(Pooling.MEAN).apply(trunk), ClassifierHead.WEIGHT)
                        .shape())
                .containsExactly(3, 5);
    }

    @Test
    void aSecondHeadIsRefused() {
        Graph once = head(Pooling.MEAN).apply(Trunks.encoder(17));
        assertThatThrownBy(() -> head(Pooling.MEAN).apply(once))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("a classifier already");
    }

    @Test
    void theMeanNeedsAMask() {
        Graph trunk = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,S,6] x) => (float[B,S,6] last_hidden_state)
                { last_hidden_state = Relu (x) }
                """);
        assertThatThrownBy(() -> head(Pooling.MEAN).apply(trunk))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("needs the input 'attention_mask'")
                .hasMessageContaining("[x]");
    }

    @Test
    void outputsThatCannotCarryAHeadAreNamed() {
        Graph trunk = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,6] x) => (float[B,6] y)
                { y = Relu (x) }
                """);
        assertThatThrownBy(() -> head(Pooling.MEAN).apply(trunk))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("MEAN needs one of rank 3")
                .hasMessageContaining("y[");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void aHeadHasAnOutputAtLeast(int classes) {
        assertThatThrownBy(() -> new ClassifierHead(Pooling.MEAN, classes, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 output or more, not " + classes);
    }
}
