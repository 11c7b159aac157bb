package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CosineHeadTest {
    private static final float ROUNDING = 1e-6f;
    private static final Array DIRECTIONS = Array.of(new float[] {3, 4, 0, 0, 0, 0, 0, 2}, 2, 4);

    private static Graph headed() {
        return new ClassifierHead(Pooling.NONE, 2, 1).apply(Trunks.encoder(17));
    }

    @Test
    void vectorsAreBroughtToLengthOneBeforeTheHead() {
        Graph graph = new CosineHead(DIRECTIONS, 0.5).apply(headed());
        assertThat(operators(graph))
                .containsExactly(
                        "Gather", "Gather", "MatMul", "Mul", "ReduceSum", "Sqrt", "Max", "Unsqueeze", "Div", "Gemm");
        assertThat(graph.outputs()).extracting(ValueInfo::name).containsExactly(ClassifierHead.LOGITS);
    }

    @Test
    void directionsAreBroughtToLengthOneAndDividedByTheTemperature() {
        Graph graph = new CosineHead(DIRECTIONS, 0.5).apply(headed());
        assertThat(weight(graph, ClassifierHead.WEIGHT))
                .containsExactly(new float[] {1.2f, 1.6f, 0, 0, 0, 0, 0, 2}, within(ROUNDING));
        assertThat(weight(graph, ClassifierHead.BIAS)).containsExactly(0, 0);
    }

    @Test
    void theUnitVectorsAreFeaturesThatCanBeGivenOut() {
        Graph graph = new CosineHead(DIRECTIONS, 0.5).apply(headed());
        assertThat(FeaturesOutput.fits(graph)).isTrue();
    }

    @Test
    void anotherShapeOrNoClassifierIsRefused() {
        CosineHead head = new CosineHead(DIRECTIONS, 1);
        Graph three = new ClassifierHead(Pooling.NONE, 3, 1).apply(Trunks.encoder(17));
        assertThatThrownBy(() -> head.apply(three))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("where the classifier's weight is");
        assertThatThrownBy(() -> head.apply(Trunks.encoder(17)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no classifier");
        assertThatThrownBy(() -> new CosineHead(DIRECTIONS, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static float[] weight(Graph graph, String name) {
        return Objects.requireNonNull(graph.weights().get(name)).floats();
    }
}
