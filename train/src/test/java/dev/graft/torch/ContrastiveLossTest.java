package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Losses that compare the vectors of a batch with each other, beside what Python's libraries recorded. */
class ContrastiveLossTest {
    /** Both sides compute in float64. */
    private static final double ROUNDING = 1e-10;

    private static final double STEP = 1e-6;
    private static final double DIFFERENCES = 1e-6;

    @BeforeAll
    static void loadLibtorch() {
        Natives.load(TorchSettings.defaults().withThreads(1));
    }

    private static JsonNode recording() throws IOException {
        try (InputStream in = ContrastiveLossTest.class.getResourceAsStream("/losses/losses.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static double[] numbers(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static Loss loss(JsonNode recorded) {
        return recorded.has("temperature")
                ? new Loss.SupervisedContrastive(
                        "features", recorded.get("temperature").asDouble())
                : new Loss.CosineSimilarity("features");
    }

    private record Computed(double value, double[] gradient) {}

    private static Computed compute(Loss loss, double[] vectors, long... labels) {
        try (PointerScope scope = new PointerScope()) {
            Tensor leaf = Tensors.of(Array.of(vectors, labels.length, vectors.length / labels.length));
            leaf.set_requires_grad(true);
            Tensor value = Losses.of(loss, leaf, Tensors.of(Array.of(labels, labels.length)));
            value.backward();
            return new Computed(value.item_double(), Doubles.values(Tensors.array(leaf.grad())));
        }
    }

    @Test
    void valuesAndGradientsAreThoseOfSetfitAndSentenceTransformers() throws IOException {
        JsonNode recording = recording();
        double[] vectors = numbers(recording.get("vectors"));
        long[] labels = java.util.Arrays.stream(numbers(recording.get("labels")))
                .mapToLong(label -> (long) label)
                .toArray();
        assertThat(recording.get("cases")).hasSize(3).allSatisfy(recorded -> {
            Computed computed = compute(loss(recorded), vectors, labels);
            assertThat(computed.value()).isCloseTo(recorded.get("value").asDouble(), within(ROUNDING));
            assertThat(computed.gradient()).containsExactly(numbers(recorded.get("gradient")), within(ROUNDING));
        });
    }

    @Test
    void gradientsAreTheSlopes() {
        double[] vectors = new java.util.Random(3).doubles(6 * 4, -1, 1).toArray();
        long[] labels = {0, 1, 1, 2, 0, 0};
        for (Loss loss :
                new Loss[] {new Loss.SupervisedContrastive("features", 0.2), new Loss.CosineSimilarity("features")}) {
            double[] gradient = compute(loss, vectors, labels).gradient();
            for (int i = 0; i < vectors.length; i++) {
                double quotient =
                        (moved(loss, vectors, labels, i, STEP) - moved(loss, vectors, labels, i, -STEP)) / (2 * STEP);
                assertThat(gradient[i]).isCloseTo(quotient, within(DIFFERENCES));
            }
        }
    }

    private static double moved(Loss loss, double[] vectors, long[] labels, int index, double by) {
        double[] moved = vectors.clone();
        moved[index] += by;
        return compute(loss, moved, labels).value();
    }

    /** A row that is alone with its class has no positive, and takes part as a negative only. */
    @Test
    void rowsWithoutAPartnerAreOnlyNegatives() {
        double[] vectors = {1, 0, 0, 1, 1, 1};
        Computed computed = compute(new Loss.SupervisedContrastive("features", 1), vectors, 0, 0, 1);
        double cosine = Math.sqrt(0.5);
        double expected = -(0 - Math.log(Math.exp(0) + Math.exp(cosine)));
        assertThat(computed.value()).isCloseTo(expected, within(ROUNDING));
    }

    @Test
    void aBatchWithoutPairsTeachesNothing() {
        Computed computed = compute(new Loss.SupervisedContrastive("features", 0.1), new double[] {1, 2, 3, 4}, 0, 1);
        assertThat(computed.value()).isZero();
        assertThat(computed.gradient()).containsOnly(0);
    }

    @Test
    void vectorsOfNoLengthGiveNumbers() {
        Computed computed = compute(new Loss.SupervisedContrastive("features", 0.1), new double[] {0, 0, 3, 4}, 0, 0);
        assertThat(computed.value()).isFinite();
        for (double slope : computed.gradient()) {
            assertThat(slope).isFinite();
        }
    }

    @Test
    void otherShapesAndTemperaturesAreRefused() {
        assertThatThrownBy(() -> compute(new Loss.CosineSimilarity("features"), new double[] {1}, 0))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("two rows or more");
        assertThatThrownBy(() -> new Loss.SupervisedContrastive("features", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
