package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.rewrite.fusion.Fusion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InsertDropoutTest {
    private static final String HEADER = "<ir_version: 8, opset_import: [\"\" : %d, \"dev.graft\" : 1]>%n";
    private static final float RATE = 0.25f;

    private static Graph graph(int opset, String text) {
        return GraphText.parse(HEADER.formatted(opset) + text);
    }

    private static Graph dropped(Graph graph) {
        return new InsertDropout(RATE).apply(graph);
    }

    private static final String BRANCH = """
            g (float[B,4] x, float[B,4] r) => (float[B,4] y)
               <float[4,4] w = {...}, float[4] b = {...}>
            {
               s = Relu (r)
               p = dev.graft.Linear (s, w, b)
               y = Add (%s)
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"p, s", "s, p"})
    void aBranchIsDroppedBeforeItJoinsItsResidual(String operands) {
        Graph after = dropped(graph(17, BRANCH.formatted(operands)));
        Node joined = Trunks.node(after, FusedOperators.DROPOUT_ADD);
        assertThat(joined.inputs()).containsExactly("p", "s");
        assertThat(joined.real("rate", 0)).isEqualTo(RATE);
        assertThat(operators(after)).containsExactly("Relu", FusedOperators.LINEAR, FusedOperators.DROPOUT_ADD);
    }

    /** A branch of low rank joins so; what passes by a sub-layer is read by the sub-layer too. */
    @Test
    void whatOnlyTheSumReadsIsNoResidual() {
        Graph graph = graph(17, """
                g (float[B,4] x, float[B,4] r) => (float[B,4] y)
                   <float[4,4] w = {...}, float[4] b = {...}>
                {
                   s = Relu (r)
                   p = dev.graft.Linear (x, w, b)
                   y = Add (p, s)
                }
                """);
        assertThat(dropped(graph)).isSameAs(graph);
    }

    @Test
    void aBiasIsNoResidual() {
        Graph graph = graph(17, """
                g (float[B,4] x) => (float[B,4] y)
                   <float[4,4] w = {...}, float[4] b = {...}>
                {
                   p = dev.graft.Linear (x, w)
                   y = Add (p, b)
                }
                """);
        assertThat(dropped(graph)).isSameAs(graph);
    }

    @Test
    void aBranchWithTwoReadersIsLeftAlone() {
        Graph graph = graph(17, """
                g (float[B,4] x) => (float[B,4] y, float[B,4] z)
                   <float[4,4] w = {...}>
                {
                   s = Relu (x)
                   p = dev.graft.Linear (x, w)
                   y = Add (p, s)
                   z = Relu (p)
                }
                """);
        assertThat(dropped(graph)).isSameAs(graph);
    }

    @Test
    void attentionGetsTheRate() {
        Graph after = dropped(graph(17, """
                g (float[B,S,4] q, float[B,S,4] k, float[B,S,4] v) => (float[B,S,4] y)
                { y = dev.graft.Attention <heads: int = 2, scale: float = 0.5> (q, k, v) }
                """));
        assertThat(after.nodes().get(0).real("dropout", 0)).isEqualTo(RATE);
        assertThat(after.nodes().get(0).whole("heads", 0)).isEqualTo(2);
    }

    @Test
    void unfusedAttentionIsDroppedBehindItsSoftmax() {
        Graph after = dropped(graph(17, """
                g (float[B,H,S,S] scores, float[B,H,S,4] v) => (float[B,H,S,4] y)
                {
                   a = Softmax <axis: int = -1> (scores)
                   y = MatMul (a, v)
                }
                """));
        assertThat(operators(after)).containsExactly("Softmax", "Dropout", "MatMul");
        assertThat(Trunks.node(after, "MatMul").input(0))
                .isEqualTo(Trunks.node(after, "Dropout").output());
    }

    @Test
    void onlyTheNormOfTheEmbeddingsIsDropped() {
        Graph after = dropped(graph(17, """
                g (int64[B,S] ids) => (float[B,S,4] y)
                   <float[9,4] table = {...}, float[4] scale = {...}, float[4] shift = {...}, float[4,4] w = {...}>
                {
                   e = Gather (table, ids)
                   n = dev.graft.LayerNorm (e, scale, shift)
                   p = dev.graft.Linear (n, w)
                   y = dev.graft.LayerNorm (p, scale, shift)
                }
                """));
        assertThat(operators(after))
                .containsExactly(
                        "Gather",
                        FusedOperators.LAYER_NORM,
                        "Dropout",
                        FusedOperators.LINEAR,
                        FusedOperators.LAYER_NORM);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 11})
    void theRatioIsAnAttributeBeforeOpset12(int opset) {
        Node dropout = Trunks.node(dropped(classifier(opset)), "Dropout");
        assertThat(dropout.inputs()).hasSize(1);
        assertThat(dropout.real("ratio", 0)).isEqualTo(RATE);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 17})
    void theRatioIsAnOperandFromOpset12(int opset) {
        Graph after = dropped(classifier(opset));
        Node dropout = Trunks.node(after, "Dropout");
        assertThat(Objects.requireNonNull(after.weights().get(dropout.input(1))).floats())
                .containsExactly(RATE);
    }

    @Test
    void theClassifierReadsADroppedVector() {
        Graph after = dropped(classifier(17));
        assertThat(operators(after)).containsExactly("Relu", "Dropout", "Gemm");
        assertThat(Trunks.node(after, "Gemm").input(0))
                .isEqualTo(Trunks.node(after, "Dropout").output());
        assertThat(Trunks.node(after, "Gemm").inputs()).hasSize(3);
    }

    private static Graph classifier(int opset) {
        return graph(opset, """
                g (float[B,4] x) => (float[B,2] logits)
                   <float[2,4] w = {...}, float[2] b = {...}>
                {
                   pooled = Relu (x)
                   logits = Gemm <transB: int = 1> (pooled, w, b)
                }
                """);
    }

    @Test
    void aNameThatIsTakenIsNotDefinedTwice() {
        Graph after = dropped(graph(17, """
                g (float[B,4] x) => (float[B,2] logits)
                   <float[2,4] w = {...}, float[2] b = {...}>
                {
                   pooled_kept = Relu (x)
                   pooled = Tanh (pooled_kept)
                   logits = Gemm <transB: int = 1> (pooled, w, b)
                }
                """));
        assertThat(operators(after)).containsExactly("Relu", "Tanh", "Dropout", "Gemm");
        assertThat(Trunks.node(after, "Dropout").input(0)).isEqualTo("pooled");
    }

    /** With the first token, fusion has named values after the pooled one already. */
    @ParameterizedTest
    @EnumSource(
            value = Pooling.class,
            names = {"MEAN", "FIRST_TOKEN"})
    void miniLmIsDroppedWhereBertsAuthorsDidIt(Pooling pooling) {
        Graph after = dropped(Fusion.standard().apply(new ClassifierHead(pooling, 12, 1).apply(miniLm())));
        assertThat(operators(after)).filteredOn("Dropout"::equals).hasSize(2); // embeddings, classifier
        assertThat(operators(after))
                .filteredOn(FusedOperators.DROPOUT_ADD::equals)
                .hasSize(2 * 6);
        assertThat(after.nodes())
                .filteredOn(node -> node.operator().equals(FusedOperators.ATTENTION))
                .hasSize(6)
                .allMatch(node -> node.real("dropout", 0) == RATE);
    }

    @Test
    void aGraphThatHasDropoutIsReturnedAsItIs() {
        Graph once = dropped(classifier(17));
        assertThat(dropped(once)).isSameAs(once);
    }

    @Test
    void rateZeroChangesNothing() {
        Graph graph = classifier(17);
        assertThat(new InsertDropout(0).apply(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
    void aRateThatIsNoShareIsRefused(double rate) {
        assertThatThrownBy(() -> new InsertDropout(rate))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0 or more and below 1, not " + rate);
    }

    private static Graph miniLm() {
        try (InputStream file =
                Objects.requireNonNull(InsertDropoutTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
            return Onnx.read(ByteBuffer.wrap(file.readAllBytes()), "all-minilm-l6-v2.onnx");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
