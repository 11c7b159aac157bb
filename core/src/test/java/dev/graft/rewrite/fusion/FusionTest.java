package dev.graft.rewrite.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static Graph miniLm() {
        try (InputStream file =
                Objects.requireNonNull(FusionTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
            return Onnx.read(ByteBuffer.wrap(file.readAllBytes()), "all-minilm-l6-v2.onnx");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Map<String, Long> counts(Graph graph) {
        return graph.nodes().stream()
                .collect(Collectors.groupingBy(Node::operator, TreeMap::new, Collectors.counting()));
    }

    @Test
    void sixLayersOfMiniLmBecomeFusedOperators() {
        Graph fused = Fusion.standard().apply(miniLm());

        assertThat(counts(fused))
                .containsEntry(FusedOperators.ATTENTION, 6L)
                .containsEntry(FusedOperators.GELU, 6L)
                .containsEntry(FusedOperators.LAYER_NORM, 13L)
                .containsEntry(FusedOperators.LINEAR, 36L)
                .containsEntry("Add", 14L)
                .doesNotContainKeys("Reshape", "Transpose", "MatMul", "Softmax", "Concat", "Constant");
        assertThat(fused.nodes()).hasSizeLessThan(90);
        assertThat(fused.opsets()).containsEntry(FusedOperators.DOMAIN, FusedOperators.VERSION);
    }

    @Test
    void theMaskIsMadeOnceForAllLayers() {
        Graph fused = Fusion.standard().apply(miniLm());

        assertThat(fused.nodes())
                .filteredOn(node -> node.operator().equals(FusedOperators.ATTENTION))
                .extracting(node -> node.input(3))
                .containsOnly("/Mul_output_0");
    }

    @Test
    void realWeightsKeepTheirNamesAndValues() {
        Graph graph = miniLm();
        List<String> before = graph.weights().entrySet().stream()
                .filter(weight -> weight.getValue().type().isFloating()
                        && weight.getValue().rank() > 0)
                .map(Map.Entry::getKey)
                .toList();

        Graph fused = Fusion.standard().apply(graph);

        assertThat(before).hasSizeGreaterThan(100);
        assertThat(fused.weights()).containsKeys(before.toArray(String[]::new));
        before.forEach(name ->
                assertThat(fused.weights().get(name)).isSameAs(graph.weights().get(name)));
    }

    @Test
    void whatIsFusedIsNotFusedAgain() {
        Graph fused = Fusion.standard().apply(miniLm());

        Graph again = Fusion.standard().apply(fused);

        assertThat(again.nodes()).isEqualTo(fused.nodes());
    }

    @Test
    void inputsAndOutputsStay() {
        Graph graph = miniLm();

        Graph fused = Fusion.standard().apply(graph);

        assertThat(fused.inputs()).isEqualTo(graph.inputs());
        assertThat(fused.outputs()).isEqualTo(graph.outputs());
    }

    @Test
    void aGraphWithoutPatternsStaysAsItIs() {
        Graph graph = GraphText.parse("""
                g (float[N,2] x) => (float[N,2] y)
                {
                   z = Relu (x)
                   y = Softmax <axis: int = -1> (z)
                }
                """);

        assertThat(Fusion.standard().apply(graph)).isSameAs(graph);
    }
}
