package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.OrderedClasses;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.ScaledOutput;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Losses and heads of several labels, ordered labels and numbers, beside what tools/record_targets.py recorded. */
class TargetLossTest {
    /** Both sides compute in single precision. */
    private static final double ROUNDING = 1e-5;
    /** How far two searches for one minimum may end apart. */
    private static final double SEARCH = 2e-3;

    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);

    @BeforeAll
    static void loadLibtorch() {
        Natives.load(SETTINGS);
    }

    private static JsonNode recorded(String name) throws IOException {
        try (InputStream in = TargetLossTest.class.getResourceAsStream("/targets/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static Array array(JsonNode rows) {
        float[] values = new float[rows.size() * rows.get(0).size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value =
                    rows.get(i / rows.get(0).size()).get(i % rows.get(0).size());
            values[i] = value.isBoolean() ? value.asBoolean() ? 1 : 0 : value.floatValue();
        }
        return Array.of(values, rows.size(), rows.get(0).size());
    }

    private static float[] column(JsonNode values) {
        float[] all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i).floatValue();
        }
        return all;
    }

    private record Computed(double value, float[] gradient) {}

    private static Computed compute(Loss loss, Array output, Array targets) {
        try (PointerScope scope = new PointerScope()) {
            Tensor leaf = Tensors.of(output).clone();
            leaf.set_requires_grad(true);
            Tensor value = Losses.of(loss, leaf, Tensors.of(targets));
            value.backward();
            return new Computed(value.item_double(), Tensors.array(leaf.grad()).floats());
        }
    }

    @Test
    void binaryCrossEntropyIsPyTorchs() throws IOException {
        JsonNode json = recorded("heads");

        Computed computed =
                compute(new Loss.BinaryCrossEntropy("logits"), array(json.get("logits")), array(json.get("has")));

        assertThat(computed.value()).isCloseTo(json.get("bce").asDouble(), within(ROUNDING));
        assertThat(computed.gradient())
                .containsExactly(array(json.get("bce_gradient")).floats(), within((float) ROUNDING));
    }

    @Test
    void aSquaredErrorCountsInDeviations() {
        Array said = Array.of(new float[] {12, 8}, 2, 1);
        Array wanted = Array.of(new float[] {10, 10}, 2, 1);

        assertThat(compute(new Loss.ScaledSquaredError("logits", 4), said, wanted)
                        .value())
                .isCloseTo(0.25, within(ROUNDING));
        assertThatThrownBy(() -> compute(new Loss.ScaledSquaredError("logits", 4), said, Array.of(new float[2], 2)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("must have the output's shape");
        assertThatThrownBy(() -> new Loss.ScaledSquaredError("logits", 0)).hasMessageContaining("more than 0");
    }

    /** A trunk whose output is its input. */
    private static Graph identity(int width) {
        ValueInfo in =
                ValueInfo.of("x", ElementType.FLOAT, new Dimension.Symbol("batch_size"), new Dimension.Fixed(width));
        ValueInfo out = ValueInfo.of(
                "sentence_embedding",
                ElementType.FLOAT,
                new Dimension.Symbol("batch_size"),
                new Dimension.Fixed(width));
        return Graph.of(
                List.of(in), List.of(out), List.of(dev.graft.graph.Node.of("Identity", out.name(), "x")), Map.of(), 17);
    }

    private static Graph weighted(Graph headed, float[] weight, float[] bias, int width) {
        Map<String, Array> weights = new LinkedHashMap<>(headed.weights());
        weights.put(ClassifierHead.WEIGHT, Array.of(weight, bias.length, width));
        weights.put(ClassifierHead.BIAS, Array.of(bias, bias.length));
        return headed.withWeights(weights);
    }

    private static float[] run(Graph graph, Array x) {
        try (Network network = new Torch(SETTINGS, Fusion.standard()).prepare(graph)) {
            return Objects.requireNonNull(network.run(Map.of("x", x)).get(ClassifierHead.LOGITS))
                    .floats();
        }
    }

    @Test
    void orderedClassesHaveTheConditionalProbabilitiesOfCorn() throws IOException {
        JsonNode json = recorded("heads");
        Graph headed = new ClassifierHead(Pooling.NONE, 3, 1)
                .then(new OrderedClasses())
                .apply(identity(3));
        Graph graph = weighted(headed, new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, new float[3], 3);

        assertThat(run(graph, array(json.get("steps"))))
                .containsExactly(array(json.get("log_probabilities")).floats(), within((float) ROUNDING * 10));
    }

    @Test
    void aScaledOutputIsTheNumberItself() {
        Graph headed = new ClassifierHead(Pooling.NONE, 1, 1)
                .then(new ScaledOutput(100, 5))
                .apply(identity(2));
        Graph graph = weighted(headed, new float[] {1, 2}, new float[] {0.5f}, 2);

        assertThat(run(graph, Array.of(new float[] {1, 1, 0, -1}, 2, 2))).containsExactly(117.5f, 92.5f);
    }

    @Test
    void separateHeadsAreScikitLearns() throws IOException {
        JsonNode json = recorded("probes");
        Array features = array(json.get("features"));
        Array has = array(json.get("has"));
        int rows = (int) features.size(0);
        float[] all = new float[rows * 3];
        java.util.Arrays.fill(all, 1);
        double penalty = 1 / (json.get("strength").asDouble() * rows);

        float[] logistic = minimum(
                new SeparateLoss(SETTINGS, SeparateLoss.Kind.LOGISTIC, features, has, Array.of(all, rows, 3)), penalty);
        float[] ones = java.util.Arrays.copyOf(all, rows);
        Array targets = Array.of(column(json.get("targets")), rows, 1);
        float[] ridge = minimum(
                new SeparateLoss(SETTINGS, SeparateLoss.Kind.SQUARED, features, targets, Array.of(ones, rows, 1)),
                penalty);

        assertThat(logistic).containsExactly(array(json.get("weights")).floats(), within((float) SEARCH));
        assertThat(ridge).containsExactly(column(json.get("ridge")), within((float) SEARCH));
    }

    /** Steepest descent: slow, and sure to end at the minimum of a convex loss. */
    private static float[] minimum(SeparateLoss loss, double penalty) {
        try (loss) {
            float[] weights = new float[loss.weights()];
            float[] gradient = new float[weights.length];
            for (int step = 0; step < 3_000; step++) {
                loss.at(weights, penalty, gradient);
                for (int i = 0; i < weights.length; i++) {
                    weights[i] -= 0.3f * gradient[i];
                }
            }
            return weights;
        }
    }

    @Test
    void whatIsNotCountedTeachesNothing() {
        Array features = Array.of(new float[] {1, 2}, 2, 1);
        Array counted = Array.of(new float[] {0, 0}, 2, 1);
        try (var loss = new SeparateLoss(
                SETTINGS, SeparateLoss.Kind.LOGISTIC, features, Array.of(new float[] {1, 0}, 2, 1), counted)) {
            float[] gradient = new float[2];
            assertThat(loss.at(new float[] {3, 4}, 0, gradient)).isZero();
            assertThat(gradient).containsExactly(0, 0);
        }
        assertThatThrownBy(() -> new SeparateLoss(
                        SETTINGS, SeparateLoss.Kind.LOGISTIC, features, Array.of(new float[3], 3, 1), counted))
                .isInstanceOf(GraftException.class);
    }
}
