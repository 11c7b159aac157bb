package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of classes are PyTorch's, their weights scikit-learn's. */
class ClassLossTest {
    private static final double ROUNDING = 1e-6;
    private static final int[] SKEWED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3};

    static List<JsonNode> recorded() {
        List<JsonNode> cases = new ArrayList<>();
        record().get("cases").forEach(cases::add);
        return cases;
    }

    /** Recorded by {@code tools/record_class_losses.py}. */
    private static JsonNode record() {
        try (InputStream file =
                Objects.requireNonNull(ClassLossTest.class.getResourceAsStream("/losses/classes.json"))) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void valuesAndGradientsArePyTorchs(JsonNode recorded) {
        long[] targets = longs(recorded.get("targets"));
        Loss loss = loss(recorded);
        float[] logits = floats(record().get("logits"));
        var graph = GraphText.parse(
                """
                <ir_version: 8, opset_import: ["" : 17]> g (float[1] one) => (float[8,3] logits, float[8,3] features)
                <float[8,3] w = {%s}> { logits = Mul (w, one)  features = Identity (logits) }
                """.formatted(StreamSupport.stream(record().get("logits").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", "))));
        try (Network network = new Torch(TorchSettings.defaults().withThreads(1), same -> same).prepare(graph)) {
            network.trainable(Set.of("w"));
            var input = Map.of("one", Array.of(new float[] {1}, 1));
            double value = network.learn(input, Array.of(targets, targets.length), loss, 1, 0)
                    .value();
            assertThat(value).isCloseTo(recorded.get("value").asDouble(), within(ROUNDING));
            var descent = new dev.graft.torch.UpdateRule.Sgd(0, false);
            network.step(new dev.graft.torch.Optimizer(descent, 0, Set.of()), name -> 1);
            float[] moved = Objects.requireNonNull(network.weights().get("w")).floats();
            float[] gradient = floats(recorded.get("gradient"));
            for (int i = 0; i < moved.length; i++) {
                assertThat(logits[i] - moved[i]).isCloseTo(gradient[i], within((float) ROUNDING));
            }
        }
    }

    private static Loss loss(JsonNode recorded) {
        var arguments = new TreeMap<String, String>();
        recorded.get("arguments")
                .properties()
                .forEach(one -> arguments.put(one.getKey(), one.getValue().asText()));
        List<Double> weights =
                recorded.get("weighted").asBoolean() ? ClassWeight.BALANCED.factors(labels()) : List.of();
        return ClassLosses.of(new Choice(recorded.get("loss").asText(), arguments), 0, weights);
    }

    private static int[] labels() {
        return Arrays.stream(longs(record().get("labels")))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Test
    void balancedWeightsAreScikitLearns() {
        float[] wanted = floats(record().get("balanced"));
        List<Double> factors = ClassWeight.BALANCED.factors(labels());
        assertThat(factors).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(factors.get(i)).isCloseTo(wanted[i], within(ROUNDING));
        }
        assertThat(ClassWeight.BALANCED.factors(SKEWED)).containsExactly(12 / 27.0, 2.0, 1.0, 4.0);
    }

    @Test
    void weightsByHandAreThoseOfTheirLabelsAndElseOne() {
        ClassWeight given = ClassWeight.named("late = 2.5, a=b=0.5");
        assertThat(given.among(List.of("a=b", "fine", "late")).factors()).containsExactly(0.5, 1.0, 2.5);
        assertThat(ClassWeight.named(given.spelled())).isEqualTo(given);
        assertThatThrownBy(() -> given.among(List.of("a=b", "fine", "lost")))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "--class-weight names 'late', which is no label of the data; there are" + " a=b, fine, lost");
        assertThat(ClassWeight.named("balanced")).isEqualTo(ClassWeight.BALANCED);
        assertThat(ClassWeight.named("none").factors(SKEWED)).isEmpty();
    }

    @Test
    void everyLossIsRecorded() {
        assertThat(recorded()).extracting(one -> one.get("loss").asText()).containsAll(ClassLosses.names());
    }

    @Test
    void aBalancedSampleShowsEachClassAlike() {
        int[] drawn = Sampler.balanced(SKEWED, 5);
        assertThat(drawn).hasSize(SKEWED.length).isEqualTo(Sampler.balanced(SKEWED, 5));
        for (int label : new int[] {0, 1, 3}) {
            assertThat(Arrays.stream(drawn).filter(row -> SKEWED[row] == label)).hasSize(4);
        }
        assertThat(Arrays.stream(drawn).filter(row -> SKEWED[row] == 0).distinct())
                .hasSize(4);
        assertThat(Arrays.stream(drawn).filter(row -> row == 9)).hasSize(2);
    }

    private static long[] longs(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values.get(i).asDouble();
        }
        return floats;
    }
}
