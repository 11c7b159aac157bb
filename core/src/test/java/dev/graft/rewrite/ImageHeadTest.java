package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ImageHeadTest {
    private static Graph headOn(String outputs, String nodes) {
        return new ImageHead(3, 42).apply(network(outputs, nodes));
    }

    private static Graph network(String outputs, String nodes) {
        return GraphText.parse("""
                g (float[N,3,8,8] image) => (%s)
                   <float[6,3,3,3] stem = {...}, float[6,6,1,1] point = {...}, float[10,6] dense = {...},
                    float[6,10] product = {...}, float[10] bias = {...}>
                {
                %s
                }
                """.formatted(outputs, nodes));
    }

    private static Array weight(Graph graph, String name) {
        return Objects.requireNonNull(graph.weights().get(name), name);
    }

    @Test
    void theOldClassifierGivesPlaceToTheNewOne() {
        Graph graph = headOn("float[N,10] logits", """
                  a = Conv (image, stem)
                  b = GlobalAveragePool (a)
                  c = Flatten (b)
                  logits = Gemm <transB = 1> (c, dense, bias)
                """);
        assertThat(operators(graph)).containsExactly("Conv", "GlobalAveragePool", "Flatten", "Gemm");
        assertThat(graph.weights()).containsOnlyKeys("stem", ClassifierHead.WEIGHT, ClassifierHead.BIAS);
        assertThat(weight(graph, ClassifierHead.WEIGHT).shape()).containsExactly(3, 6);
        assertThat(graph.outputs()).extracting(ValueInfo::name).containsExactly(ClassifierHead.LOGITS);
        assertThat(graph.inputs()).extracting(ValueInfo::name).containsExactly("image");
    }

    @Test
    void aProductWithABiasAndASoftmaxIsAClassifierToo() {
        Graph graph = headOn("float[N,10] scores", """
                  a = Conv (image, stem)
                  b = ReduceMean <axes = [2, 3], keepdims = 0> (a)
                  c = MatMul (b, product)
                  d = Add (bias, c)
                  scores = Softmax (d)
                """);
        assertThat(operators(graph)).containsExactly("Conv", "ReduceMean", "Gemm");
        assertThat(weight(graph, ClassifierHead.WEIGHT).shape()).containsExactly(3, 6);
    }

    @Test
    void aConvolutionBeforeThePoolingIsAClassifier() {
        Graph graph = headOn("float[N,6] scores", """
                  a = Conv (image, stem)
                  b = Conv (a, point)
                  c = Relu (b)
                  d = GlobalAveragePool (c)
                  scores = Flatten (d)
                """);
        assertThat(operators(graph)).containsExactly("Conv", "GlobalAveragePool", "Flatten", "Gemm");
        assertThat(graph.weights()).doesNotContainKey("point");
        assertThat(graph.nodes().get(1).input(0)).isEqualTo("a");
    }

    @Test
    void featuresThatAreTheOutputArePooled() {
        Graph graph = headOn("float[N,6,6,6] features", """
                  a = Conv (image, stem)
                  features = Relu (a)
                """);
        assertThat(operators(graph)).containsExactly("Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm");
        assertThat(weight(graph, ClassifierHead.WEIGHT).shape()).containsExactly(3, 6);
    }

    @Test
    void aSumOfBranchesIsNeverTornApart() {
        Graph graph = headOn("float[N,6] vectors", """
                  a = Conv (image, stem)
                  b = Conv (a, point)
                  c = Add (b, a)
                  d = GlobalAveragePool (c)
                  vectors = Flatten (d)
                """);
        assertThat(operators(graph)).containsExactly("Conv", "Conv", "Add", "GlobalAveragePool", "Flatten", "Gemm");
    }

    @Test
    void whatHasNoFeaturesIsRefused() {
        assertThatThrownBy(() -> headOn("float[N,A,B] y", "  y = Relu (image)"))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'y'")
                .hasMessageContaining("declare the value to cut at");
        assertThatThrownBy(() -> new ImageHead(0, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("A head needs 1 output or more, not");
    }
}
