package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.EmbeddingNoise;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Noise on word embeddings as its authors have it: uniform, at most alpha / √(length · width) from 0. */
class EmbeddingNoiseTest {
    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);
    private static final int ROWS = 5;
    private static final int LENGTH = 20;
    private static final int WIDTH = 8;
    private static final double ALPHA = 6;
    private static final double LARGEST = ALPHA / Math.sqrt(LENGTH * WIDTH);
    private static final double ROUNDING = 1e-5;

    private static final Graph GRAPH = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]> g (int64[rows,length] input_ids) => (float[rows,length,8] y)
            <float[1,1] words = {0}> { y = Gather (words, input_ids) }
            """)
            .withWeights(Map.of("words", Array.of(new float[ROWS * LENGTH * WIDTH], ROWS * LENGTH, WIDTH)));
    /** Each word once, so that its row of the table has a gradient of its own. */
    private static final Array IDS =
            Array.of(IntStream.range(0, ROWS * LENGTH).asLongStream().toArray(), ROWS, LENGTH);

    private static Network network(double alpha) {
        Network network = new Torch(SETTINGS, new EmbeddingNoise(alpha)).prepare(GRAPH);
        network.trainable(Set.of("words"));
        return network;
    }

    /** With a table of zeros and 0 as target, the gradient of a number is twice its noise. */
    private static double[] noise(double alpha, long seed) {
        try (Network network = network(alpha)) {
            int numbers = ROWS * LENGTH * WIDTH;
            Array zeros = Array.of(new float[numbers], ROWS, LENGTH, WIDTH);
            network.learn(Map.of("input_ids", IDS), zeros, new Loss.MeanSquaredError("y"), numbers / 2.0, seed);
            network.step(new Optimizer(new UpdateRule.Sgd(0, false), 0, Set.of()), name -> 1);
            float[] moved =
                    Objects.requireNonNull(network.weights().get("words")).floats();
            return IntStream.range(0, numbers).mapToDouble(i -> -moved[i]).toArray();
        }
    }

    @Test
    void noiseIsUniformWithinItsBound() {
        double[] noise = noise(ALPHA, 3);
        assertThat(Arrays.stream(noise).map(Math::abs).max().orElseThrow())
                .isLessThanOrEqualTo(LARGEST + ROUNDING)
                .isGreaterThan(0.98 * LARGEST);
        assertThat(DoubleStream.of(noise).average().orElseThrow()).isCloseTo(0, within(0.1 * LARGEST));
        double variance = DoubleStream.of(noise).map(x -> x * x).average().orElseThrow();
        assertThat(variance).isCloseTo(LARGEST * LARGEST / 3, within(0.1 * LARGEST * LARGEST / 3));
    }

    @Test
    void noiseFollowsTheSeed() {
        assertThat(noise(ALPHA, 3)).isEqualTo(noise(ALPHA, 3)).isNotEqualTo(noise(ALPHA, 4));
        assertThat(noise(2 * ALPHA, 3)[7]).isCloseTo(2 * noise(ALPHA, 3)[7], within(ROUNDING));
    }

    @Test
    void outsideTrainingThereIsNone() {
        try (Network network = network(ALPHA)) {
            assertThat(Objects.requireNonNull(
                                    network.run(Map.of("input_ids", IDS)).get("y"))
                            .floats())
                    .containsOnly(0);
        }
    }

    @Test
    void nothingIsDoneForNoNoiseAndWhereThereAreNoWords() {
        assertThat(new EmbeddingNoise(0).apply(GRAPH)).isSameAs(GRAPH);
        Graph other = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]> g (float[2] x) => (float[2] y) { y = Relu (x) }
                """);
        assertThat(new EmbeddingNoise(ALPHA).apply(other)).isSameAs(other);
        assertThat(EmbeddingNoise.fits(other)).isFalse();
        assertThatThrownBy(() -> new EmbeddingNoise(Double.NaN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("NaN");
    }
}
