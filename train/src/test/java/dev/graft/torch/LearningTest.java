package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearningTest {
    private static final double ROUNDING = 1e-6;
    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);
    private static final Optimizer OPTIMIZER = Optimizer.adamW(0, Set.of());
    private static final Loss LOSS = Loss.CrossEntropy.plain();
    private static final Set<String> ALL = Set.of("w1", "b1", "w2");

    /** Two layers with dropout between them: 4 features, 8 hidden units, 3 classes. */
    private static Graph perceptron() {
        var random = new Random(5);
        Node dropout = Node.of("Dropout", "d", "r", "rate");
        return Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT, new Dimension.Symbol("batch"), new Dimension.Fixed(4))),
                List.of(new ValueInfo("logits", Optional.empty(), Optional.empty(), Extras.NONE)),
                List.of(
                        Node.of("Gemm", "h", "x", "w1", "b1").with("alpha", new Attribute.Real(1)),
                        Node.of("Relu", "r", "h"),
                        dropout,
                        Node.of("MatMul", "logits", "d", "w2")),
                Map.of(
                        "w1", normal(random, 4, 8),
                        "b1", normal(random, 8),
                        "w2", normal(random, 8, 3),
                        "rate", Array.scalar(0.25f)),
                17);
    }

    private static Array normal(Random random, long... shape) {
        int count = (int) (shape.length == 1 ? shape[0] : shape[0] * shape[1]);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Array.of(values, shape);
    }

    private static Map<String, Array> batch(int seed, int rows) {
        return Map.of("x", normal(new Random(seed), rows, 4));
    }

    private static Array labels(int rows) {
        long[] labels = new long[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % 3;
        }
        return Array.of(labels, rows);
    }

    private static void train(Network network, int from, int to) {
        for (int step = from; step < to; step++) {
            network.learn(batch(step, 6), labels(6), LOSS, 1, step);
            network.clip(1);
            network.step(OPTIMIZER, weight -> 0.01);
        }
    }

    private static float[] weight(Network network, String name) {
        return Objects.requireNonNull(network.graph().weights().get(name)).floats();
    }

    @Test
    void whatIsLearntIsRemembered() {
        try (Network network = TORCH.prepare(perceptron())) {
            network.trainable(ALL);
            double first = network.learn(batch(1, 6), labels(6), LOSS, 1, 0).value();
            for (int i = 0; i < 200; i++) {
                network.learn(batch(1, 6), labels(6), LOSS, 1, i);
                network.step(OPTIMIZER, weight -> 0.02);
            }
            assertThat(network.learn(batch(1, 6), labels(6), LOSS, 1, 0).value())
                    .isLessThan(first / 4);
        }
    }

    @Test
    void frozenWeightsStayBitForBit() {
        Graph graph = perceptron();
        try (Network network = TORCH.prepare(graph)) {
            network.trainable(Set.of("w2"));
            train(network, 0, 3);
            assertThat(network.weights()).containsOnlyKeys("w2");
            assertThat(network.graph().weights().get("w1"))
                    .isEqualTo(graph.weights().get("w1"));
            assertThat(network.graph().weights().get("w2"))
                    .isNotEqualTo(graph.weights().get("w2"));
        }
    }

    /** Would expose randomness that depends on what ran before, or state that a checkpoint forgets. */
    @Test
    void resumingEndsWhereRunningThroughEnds() {
        try (Network through = TORCH.prepare(perceptron());
                Network before = TORCH.prepare(perceptron());
                Network after = TORCH.prepare(perceptron())) {
            through.trainable(ALL);
            train(through, 0, 6);
            before.trainable(ALL);
            train(before, 0, 3);
            after.trainable(ALL);
            after.load(before.weights());
            after.loadOptimizerState(before.optimizerState());
            train(after, 3, 6);
            assertThat(after.weights()).isEqualTo(through.weights());
            assertThat(after.optimizerState()).isEqualTo(through.optimizerState());
        }
    }

    @Test
    void theSeedDecidesWhatIsDropped() {
        try (Network network = TORCH.prepare(perceptron())) {
            network.trainable(ALL);
            double one = network.learn(batch(1, 6), labels(6), LOSS, 1, 1).value();
            double other = network.learn(batch(1, 6), labels(6), LOSS, 1, 2).value();
            assertThat(network.learn(batch(1, 6), labels(6), LOSS, 1, 1).value())
                    .isEqualTo(one);
            assertThat(other).isNotEqualTo(one);
        }
    }

    @Test
    void runningDropsNothing() {
        try (Network network = TORCH.prepare(perceptron())) {
            assertThat(network.run(batch(1, 6))).isEqualTo(network.run(batch(1, 6)));
        }
    }

    @Test
    void gradientsGatherUntilTheStep() {
        Graph still = perceptron().withWeights(withoutDropout());
        try (Network whole = TORCH.prepare(still);
                Network halves = TORCH.prepare(still)) {
            whole.trainable(ALL);
            halves.trainable(ALL);
            whole.learn(batch(1, 6), labels(6), LOSS, 1, 0);
            halves.learn(batch(1, 6), labels(6), LOSS, 0.5, 0);
            halves.learn(batch(1, 6), labels(6), LOSS, 0.5, 0);
            assertThat(halves.clip(1e9)).isCloseTo(whole.clip(1e9), within(ROUNDING));
        }
    }

    private static Map<String, Array> withoutDropout() {
        var weights = new java.util.LinkedHashMap<>(perceptron().weights());
        weights.put("rate", Array.scalar(0f));
        return weights;
    }

    @Test
    void clippingLeavesTheBoundAsTheNorm() {
        try (Network network = TORCH.prepare(perceptron())) {
            network.trainable(ALL);
            network.learn(batch(1, 6), labels(6), LOSS, 100, 0);
            assertThat(network.clip(0.5)).isGreaterThan(0.5);
            assertThat(network.clip(0.5)).isCloseTo(0.5, within(1e-5));
            network.clear();
            assertThat(network.clip(0.5)).isZero();
        }
    }

    @Test
    void aLossThatIsNoNumberIsToldAndTeachesNothing() {
        Map<String, Array> broken = Map.of("x", Array.of(new float[] {Float.NaN, 0, 0, 0}, 1, 4));
        try (Network network = TORCH.prepare(perceptron())) {
            network.trainable(ALL);
            assertThat(network.learn(broken, labels(1), LOSS, 1, 0).finite()).isFalse();
            assertThat(network.clip(1)).isZero();
        }
    }

    /** The first step of Adam moves each weight by its rate, whatever the gradient; decay comes on top. */
    @Test
    void eachWeightHasItsRateAndItsDecay() {
        Graph graph = perceptron().withWeights(withoutDropout());
        try (Network network = TORCH.prepare(graph)) {
            network.trainable(Set.of("b1", "w2"));
            float[] w2 = weight(network, "w2");
            float[] b1 = weight(network, "b1");
            network.learn(batch(1, 60), labels(60), LOSS, 1, 0);
            network.step(Optimizer.adamW(0.5, Set.of("b1")), name -> name.equals("w2") ? 0.1 : 0);
            assertThat(weight(network, "b1")).containsExactly(b1);
            float[] moved = weight(network, "w2");
            for (int i = 0; i < moved.length; i++) {
                assertThat(Math.abs(moved[i] - w2[i] * 0.95)).isCloseTo(0.1, within(1e-4));
            }
        }
    }

    @Test
    void labelSmoothingAndClassWeightsAreCrossEntropys() {
        Graph graph = perceptron().withWeights(withoutDropout());
        Map<String, Array> x = batch(1, 2);
        try (Network network = TORCH.prepare(graph)) {
            float[] logits =
                    Objects.requireNonNull(network.run(x).get("logits")).floats();
            double[] losses = {surprise(logits, 0, 0), surprise(logits, 1, 1)};
            double weighted = (2 * losses[0] + 3 * losses[1]) / 5;
            var loss = new Loss.CrossEntropy("logits", 0, List.of(2.0, 3.0, 1.0));
            assertThat(network.learn(x, labels(2), loss, 1, 0).value()).isCloseTo(weighted, within(1e-5));
            double spread = 0;
            for (int label = 0; label < 3; label++) {
                spread += (surprise(logits, 0, label) + surprise(logits, 1, label)) / 6;
            }
            double smooth = 0.9 * (losses[0] + losses[1]) / 2 + 0.1 * spread;
            var smoothing = new Loss.CrossEntropy("logits", 0.1, List.of());
            assertThat(network.learn(x, labels(2), smoothing, 1, 0).value()).isCloseTo(smooth, within(1e-5));
        }
    }

    private static double surprise(float[] logits, int row, int label) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += Math.exp(logits[3 * row + i]);
        }
        return Math.log(sum) - logits[3 * row + label];
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Network network = TORCH.prepare(perceptron())) {
            assertThatThrownBy(() -> network.trainable(Set.of("nothing"))).hasMessageContaining("no weight 'nothing'");
            assertThatThrownBy(() -> network.load(Map.of("b1", Array.of(new float[] {1}, 1))))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("'b1' must be float[8], not float[1]");
            var strange = new Loss.CrossEntropy("strange", 0, List.of());
            assertThatThrownBy(() -> network.learn(batch(1, 6), labels(6), strange, 1, 0))
                    .hasMessageContaining("'strange', which is no output");
            assertThatThrownBy(() -> network.learn(batch(1, 6), labels(5), LOSS, 1, 0))
                    .hasMessageContaining("logits [batch, classes] and targets [batch]");
            Array beyond = Array.of(new long[] {0, 1, 7}, 3);
            assertThatThrownBy(() -> network.learn(batch(1, 3), beyond, LOSS, 1, 0))
                    .isInstanceOf(GraftException.class);
        }
    }
}
