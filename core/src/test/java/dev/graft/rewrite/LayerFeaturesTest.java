package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LayerFeaturesTest {
    private static final Graph ENCODER = encoder();

    private static Graph encoder() {
        try (InputStream file =
                Objects.requireNonNull(LayerFeaturesTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
            return Onnx.read(ByteBuffer.wrap(file.readAllBytes()), "all-minilm-l6-v2.onnx");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Graph headed(Graph trunk, Pooling pooling) {
        return new ClassifierHead(pooling, 3, 42).apply(trunk);
    }

    private static Node head(Graph graph) {
        return Links.of(graph).producer(ClassifierHead.LOGITS, "Gemm").orElseThrow();
    }

    /** What is pooled, the last layer's vector first. */
    private static List<String> pooled(Graph graph) {
        Links links = Links.of(graph);
        return links.producer(head(graph).input(0), "Concat").orElseThrow().inputs().stream()
                .map(unit -> links.producer(unit, "LpNormalization").orElseThrow())
                .map(unit -> links.producer(unit.input(0)).orElseThrow().input(0))
                .map(kept -> links.producer(kept).map(mul -> mul.input(0)).orElseThrow())
                .toList();
    }

    @Test
    void theHeadReadsThreeLowerBlocksBesideTheLastLayer() {
        Graph graph = new LayerFeatures().apply(headed(ENCODER, Pooling.MEAN));
        assertThat(LayerFeatures.count(graph)).isEqualTo(4);
        List<String> layers = pooled(graph).subList(1, 4);
        assertThat(layers.get(0)).contains("layer.4");
        assertThat(layers.get(1)).contains("layer.3");
        assertThat(layers.get(2)).contains("layer.0");
    }

    @Test
    void newColumnsOfTheWeightBeginAtZero() {
        Graph given = headed(ENCODER, Pooling.MEAN);
        Array before = Objects.requireNonNull(given.weights().get(ClassifierHead.WEIGHT));
        Array after = Objects.requireNonNull(
                new LayerFeatures().apply(given).weights().get(ClassifierHead.WEIGHT));
        assertThat(after.shape()).containsExactly(3, 4 * 384);
        for (int label = 0; label < 3; label++) {
            for (int column = 0; column < 4 * 384; column++) {
                float expected = column < 384 ? before.floats()[label * 384 + column] : 0;
                assertThat(after.floats()[label * 4 * 384 + column]).isEqualTo(expected);
            }
        }
    }

    @Test
    void anEncoderThatPoolsByItsFirstTokenHasTheMeansOfItsLowerLayersBeside() {
        Graph graph = new LayerFeatures().apply(headed(ENCODER, Pooling.FIRST_TOKEN));
        assertThat(LayerFeatures.count(graph)).isEqualTo(4);
    }

    @Test
    void withoutBlocksTheHeadReadsItsOwnVectorAtLengthOne() {
        Graph given = headed(Trunks.encoder(17), Pooling.MEAN);
        assertThat(new LayerFeatures().apply(given)).isEqualTo(new UnitFeatures().apply(given));
    }

    @Test
    void aHeadOfAnotherStaysAsItIs() {
        assertThat(new LayerFeatures().apply(ENCODER)).isSameAs(ENCODER);
        assertThat(operators(ENCODER)).doesNotContain("LpNormalization");
    }
}
