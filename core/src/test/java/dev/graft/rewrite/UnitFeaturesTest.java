package dev.graft.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

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

class UnitFeaturesTest {
    private static Graph classifier(String weight) {
        return Graph.of(
                List.of(value("input", 3)),
                List.of(value("logits", 2)),
                List.of(
                        Node.of("Relu", "pooled", "input"),
                        Node.of("Gemm", "logits", "pooled", weight).with("transB", new Attribute.Whole(1))),
                Map.of(weight, Array.of(new float[6], 2, 3)),
                17);
    }

    private static ValueInfo value(String name, long width) {
        return ValueInfo.of(name, ElementType.FLOAT, new Dimension.Symbol("rows"), new Dimension.Fixed(width));
    }

    @Test
    void theHeadReadsFeaturesOfLengthOne() {
        Graph given = classifier(ClassifierHead.WEIGHT);
        Graph graph = new UnitFeatures().apply(given);
        assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Relu", "LpNormalization", "Gemm");
        Node unit = graph.nodes().get(1);
        assertThat(unit.input(0)).isEqualTo("pooled");
        assertThat(unit.whole("p", 0)).isEqualTo(2);
        assertThat(unit.whole("axis", 0)).isEqualTo(-1);
        assertThat(graph.nodes().get(2).inputs()).containsExactly(unit.output(), ClassifierHead.WEIGHT);
        assertThat(graph.nodes().get(2).whole("transB", 0)).isEqualTo(1);
        assertThat(graph.weights()).isEqualTo(given.weights());
        assertThat(graph.outputs()).isEqualTo(given.outputs());
    }

    @Test
    void aHeadOfAnotherStaysAsItIs() {
        Graph graph = classifier("fc.weight");
        assertThat(new UnitFeatures().apply(graph)).isSameAs(graph);
    }
}
