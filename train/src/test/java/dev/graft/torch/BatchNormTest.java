package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What batch normalisation remembers of the batches that it learned from. */
class BatchNormTest {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);
    private static final Array X = Array.of(new float[] {1, 2, -3, 0.5f, 4, -1, 2, 2, 0, 1, -2, 3}, 3, 2, 2);
    private static final Array TARGET = Array.of(new float[12], 3, 2, 2);
    private static final Loss LOSS = new Loss.MeanSquaredError("y");
    private static final Set<String> STATISTICS = Set.of("mean", "variance");

    private static Graph graph(String attributes, String results) {
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n,2,2] x) => (float[n,2,2] y)
                <float[2] scale = {1, 1.5}, float[2] shift = {0.5, 0}, float[2] mean = {0.25, -1}, float[2] variance = {2, 0.5}>
                { y%s = BatchNormalization <momentum: float = 0.75%s> (x, scale, shift, mean, variance) }
                """.formatted(results, attributes));
    }

    private static Graph graph() {
        return graph("", "");
    }

    private static float[] floats(Map<String, Array> arrays, String name) {
        return OneNode.value(arrays, name).floats();
    }

    /** What ONNX Runtime makes of mean and variance, the node being in training mode. */
    private static Map<String, Array> statisticsOfOnnxRuntime() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n,2,2] x) => (float[n,2,2] y, float[2] mean2, float[2] variance2)
                <float[2] scale = {1, 1.5}, float[2] shift = {0.5, 0}, float[2] mean = {0.25, -1}, float[2] variance = {2, 0.5}>
                { y, mean2, variance2 = BatchNormalization <momentum: float = 0.75, training_mode: int = 1>
                    (x, scale, shift, mean, variance) }
                """);
        try (Session session = new OrtRuntime().prepare(graph)) {
            return session.run(Map.of("x", X));
        }
    }

    @Test
    void trainedOnesFollowTheirBatchesAndHandTheStatisticsBack() {
        Map<String, Array> expected = statisticsOfOnnxRuntime();
        try (Network network = OneNode.TORCH.prepare(graph())) {
            network.trainable(Set.of("scale", "shift"));
            network.learn(Map.of("x", X), TARGET, LOSS, 1, 1);
            assertThat(network.weights().keySet()).containsExactlyInAnyOrder("scale", "shift", "mean", "variance");
            Map<String, Array> after = network.graph().weights();
            assertThat(floats(after, "mean")).containsExactly(floats(expected, "mean2"), ROUNDING);
            assertThat(floats(after, "variance")).containsExactly(floats(expected, "variance2"), ROUNDING);
        }
    }

    /** Somebody may name every real weight; then the statistics follow the batch as ever, for no loss reaches them. */
    @Test
    void statisticsThatAreNamedTrainableFollowTheirBatches() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            network.trainable(Set.of("scale", "shift", "mean", "variance"));
            network.learn(Map.of("x", X), TARGET, LOSS, 1, 1);
            assertThat(floats(network.graph().weights(), "mean"))
                    .containsExactly(floats(statisticsOfOnnxRuntime(), "mean2"), ROUNDING);
        }
    }

    @Test
    void trainedOnesNormaliseByTheBatchAndServeByTheStatistics() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            float[] before = floats(network.run(Map.of("x", X)), "y");
            network.trainable(Set.of("scale"));
            double byBatch = network.learn(Map.of("x", X), TARGET, LOSS, 1, 1).value();
            assertThat(byBatch).isEqualTo(meanSquare(floats(statisticsOfOnnxRuntime(), "y")), Offset.offset(1e-6));
            assertThat(floats(network.run(Map.of("x", X)), "y")).isNotEqualTo(before);
        }
    }

    private static double meanSquare(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return sum / values.length;
    }

    @Test
    void frozenOnesStayAsTheyServe() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            float[] before = floats(network.run(Map.of("x", X)), "y");
            network.trainable(Set.of("shift"));
            double loss = network.learn(Map.of("x", X), TARGET, LOSS, 1, 1).value();
            assertThat(loss).isEqualTo(meanSquare(before), Offset.offset(1e-6));
            assertThat(network.weights().keySet()).containsExactly("shift");
            assertThat(floats(network.run(Map.of("x", X)), "y")).isEqualTo(before);
        }
    }

    @Test
    void aLossThatIsNoNumberLeavesTheStatistics() {
        Array target = Array.of(new float[] {Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 3, 2, 2);
        try (Network network = OneNode.TORCH.prepare(graph())) {
            network.trainable(Set.of("scale"));
            network.learn(Map.of("x", X), target, LOSS, 1, 1);
            assertThat(network.weights().keySet()).containsExactly("scale");
        }
    }

    @Test
    void eachPartOfAStepMovesTheStatistics() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            network.trainable(Set.of("scale"));
            network.learn(Map.of("x", X), TARGET, LOSS, 0.5, 1);
            float once = floats(network.weights(), "mean")[0];
            network.learn(Map.of("x", X), TARGET, LOSS, 0.5, 2);
            float batchMean = (once - 0.75f * 0.25f) / 0.25f;
            assertThat(floats(network.weights(), "mean")[0]).isEqualTo(once * 0.75f + batchMean * 0.25f, ROUNDING);
        }
    }

    /** The same weights normalise twice, one after the other, as a network with two arms does. */
    @Test
    void twoNodesThatShareStatisticsMoveThemInTurn() {
        Graph shared = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n,1] x) => (float[n,1] y)
                <float[1] scale = {1}, float[1] shift = {0}, float[1] mean = {0}, float[1] variance = {1}>
                {
                    h = BatchNormalization <momentum: float = 0.5> (x, scale, shift, mean, variance)
                    z = Add (x, x)
                    i = BatchNormalization <momentum: float = 0.5> (z, scale, shift, mean, variance)
                    y = Add (h, i)
                }
                """);
        try (Network network = OneNode.TORCH.prepare(shared)) {
            network.trainable(Set.of("scale"));
            network.learn(Map.of("x", Array.of(new float[] {1, 3}, 2, 1)), Array.of(new float[2], 2, 1), LOSS, 1, 1);
            assertThat(floats(network.weights(), "mean")).containsExactly(new float[] {2.5f}, ROUNDING);
        }
    }

    @Test
    void earlierWeightsBringTheirStatisticsBack() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            network.trainable(Set.of("scale"));
            Map<String, Array> untrained = network.weights();
            network.learn(Map.of("x", X), TARGET, LOSS, 1, 1);
            Map<String, Array> once = network.weights();
            network.learn(Map.of("x", X), TARGET, LOSS, 1, 2);
            network.load(once);
            assertThat(network.weights()).isEqualTo(once);
            network.load(untrained);
            STATISTICS.forEach(name -> assertThat(network.weights().get(name))
                    .isEqualTo(graph().weights().get(name)));
        }
    }

    @Test
    void unknownWeightsAreNotLoaded() {
        try (Network network = OneNode.TORCH.prepare(graph())) {
            assertThatThrownBy(() -> network.load(Map.of("other", X)))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("other");
        }
    }

    @Test
    void aConstantChannelHasNoVariance() {
        Node node = OneNode.node("BatchNormalization", 5)
                .with("training_mode", new Attribute.Whole(1))
                .with("momentum", new Attribute.Real(0))
                .with("epsilon", new Attribute.Real(0.5f))
                .defining(List.of("", "", "y"));
        Array one = Array.of(new float[] {1}, 1);
        Array variance = OneNode.run(node, 15, Array.of(new float[] {3, 3, 3}, 3, 1), one, one, one, one);
        assertThat(variance.floats()).containsExactly(new float[] {0}, ROUNDING);
    }
}
