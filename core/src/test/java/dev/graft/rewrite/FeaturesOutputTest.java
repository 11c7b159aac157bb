package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeaturesOutputTest {
    private static Graph classifier(String operator, boolean transposed) {
        Array weight = transposed ? Array.of(new float[6], 2, 3) : Array.of(new float[6], 3, 2);
        Node head = Node.of(operator, "logits", "pooled", "weight");
        return Graph.of(
                List.of(value("input", 3)),
                List.of(value("logits", 2)),
                List.of(
                        Node.of("Relu", "pooled", "input"),
                        transposed ? head.with("transB", new Attribute.Whole(1)) : head),
                Map.of("weight", weight),
                17);
    }

    private static ValueInfo value(String name, long width) {
        return ValueInfo.of(name, ElementType.FLOAT, new Dimension.Symbol("rows"), new Dimension.Fixed(width));
    }

    @Test
    void whatTheClassifierReadsBecomesASecondOutput() {
        Graph given = classifier("Gemm", true);
        Graph graph = new FeaturesOutput().apply(given);
        assertThat(graph.outputs()).hasSize(2);
        assertThat(graph.outputs().get(0)).isEqualTo(given.outputs().get(0));
        assertThat(graph.outputs().get(1).name()).isEqualTo(FeaturesOutput.FEATURES);
        assertThat(graph.nodes()).hasSize(3).last().satisfies(node -> {
            assertThat(node.operator()).isEqualTo("Identity");
            assertThat(node.input(0)).isEqualTo("pooled");
        });
        assertThat(graph.weights()).isEqualTo(given.weights());
    }

    @Test
    void theWidthIsThatOfTheWeightWhicheverWayItLies() {
        for (boolean transposed : List.of(true, false)) {
            Graph graph = new FeaturesOutput().apply(classifier("Gemm", transposed));
            assertThat(graph.outputs().get(1).shape().orElseThrow().get(1)).isEqualTo(new Dimension.Fixed(3));
        }
    }

    @Test
    void aGraphThatEndsOtherwiseStaysAsItIs() {
        Graph graph = classifier("MatMul", false);
        assertThat(FeaturesOutput.fits(graph)).isFalse();
        assertThat(new FeaturesOutput().apply(graph)).isSameAs(graph);
    }

    @Test
    void aWeightThatIsComputedIsNoClassifiers() {
        Graph graph = Graph.of(
                List.of(value("pooled", 3), value("other", 2)),
                List.of(value("logits", 2)),
                List.of(Node.of("Gemm", "logits", "pooled", "other")),
                Map.of(),
                17);
        assertThat(FeaturesOutput.fits(graph)).isFalse();
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() {
        Graph given = classifier("Gemm", true);
        Graph renamed = given.with(block -> block.withNodes(List.of(
                Node.of("Relu", "features", "input"),
                Node.of("Gemm", "logits", "features", "weight").with("transB", new Attribute.Whole(1)))));
        assertThat(new FeaturesOutput().apply(renamed).outputs().get(1).name()).isEqualTo("features_2");
    }

    @Test
    void theBundleOfTheTestsHasFeatures() {
        assertThat(FeaturesOutput.fits(TinyBundle.graph())).isTrue();
    }
}
