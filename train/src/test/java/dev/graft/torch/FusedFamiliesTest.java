package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fused, every exporter's writing of every family still computes, and learns, as PyTorch does. */
class FusedFamiliesTest {
    /** How far float32 sums in another order may lie apart, for outputs of the size of 1. */
    private static final double FORWARD = 2e-5;

    /** For gradients, as a share of the largest one of the weight, and at least so much. */
    private static final double GRADIENT = 2e-5;

    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), Fusion.standard());
    private static final Torch PLAIN = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);

    /** Attention, Gelu, LayerNorm and Linear of two layers; what a family adds to it or writes otherwise. */
    private static final List<Integer> TWO_LAYERS = List.of(2, 2, 5, 12);

    private static final Map<String, List<Integer>> OTHERS = Map.of(
            "albert", List.of(2, 2, 5, 13),
            "electra", List.of(2, 2, 5, 13),
            "bert-pooler", List.of(2, 2, 5, 13),
            "bert-classifier", List.of(2, 2, 5, 14),
            "roberta-classifier", List.of(2, 2, 5, 14),
            "deberta-v2", List.of(0, 2, 6, 16));

    static List<Family> families() {
        return Family.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyNormalisationActivationProductAndAttentionIsFused(Family family) {
        List<Integer> expected = OTHERS.entrySet().stream()
                .filter(entry -> family.toString().startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(TWO_LAYERS);
        Graph fused = Fusion.standard().apply(family.graph());

        assertThat(Stream.of("Attention", "Gelu", "LayerNorm", "Linear").map(operator -> count(fused, operator)))
                .containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("families")
    void nothingIsLeftOfSplittingHeads(Family family) {
        Assumptions.assumeFalse(
                family.toString().startsWith("deberta"), "disentangled attention is none of the fused operators");
        Graph fused = Fusion.standard().apply(family.graph());

        assertThat(fused.nodes())
                .extracting(Node::operator)
                .doesNotContain("Softmax", "MatMul", "Sqrt", "Erf", "Tile", "If", "Constant", "Identity");
        assertThat(fused.nodes()).hasSizeLessThan(75);
    }

    private static int count(Graph graph, String operator) {
        return (int) graph.nodes().stream()
                .filter(node -> node.domain().equals(FusedOperators.DOMAIN))
                .filter(node -> node.operator().equals(operator))
                .count();
    }

    @ParameterizedTest
    @MethodSource("families")
    void theFusedGraphComputesWhatPyTorchComputed(Family family) {
        try (Session session = TORCH.prepare(family.graph())) {
            List<Array> actual = new ArrayList<>(session.run(family.inputs()).values());
            List<Array> expected = family.outputs();
            for (int i = 0; i < expected.size(); i++) {
                assertThat(difference(expected.get(i), actual.get(i)))
                        .as("output %d of %s", i, family)
                        .isLessThanOrEqualTo(FORWARD);
            }
        }
    }

    /** A row that masks everything attends to all alike; minus infinity in its place would give no number. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-old-eager-opset11",
                "bert-old-sdpa-opset14",
                "bert-dynamo-sdpa-opset23",
                "distilbert-old-eager-opset14",
                "mpnet-optimum-eager-opset17"
            })
    void aTextOfWhichNothingIsAttendedToMeansTheSame(String name) {
        Family family = families().stream()
                .filter(candidate -> candidate.toString().equals(name))
                .findFirst()
                .orElseThrow();
        Map<String, Array> inputs = new LinkedHashMap<>(family.inputs());
        inputs.computeIfPresent("attention_mask", (key, mask) -> firstRowHidden(mask));
        try (Session plain = PLAIN.prepare(family.graph());
                Session fused = TORCH.prepare(family.graph())) {
            Array expected = plain.run(inputs).values().iterator().next();
            Array actual = fused.run(inputs).values().iterator().next();
            assertThat(difference(expected, actual)).isLessThanOrEqualTo(FORWARD);
            assertThat(Float.isFinite(actual.floats()[0])).isTrue();
        }
    }

    private static Array firstRowHidden(Array mask) {
        long[] values = mask.longs();
        Arrays.fill(values, 0, (int) mask.size(1), 0);
        return Array.of(values, mask.shape());
    }

    @ParameterizedTest
    @MethodSource("families")
    void theFusedGraphHasTheGradientsThatPyTorchComputed(Family family) {
        assertGradients(family, family.gradients());
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyRealWeightKeepsItsNameAndItsGradient(Family family) {
        Graph graph = family.graph();
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.values().removeIf(array -> !array.type().isFloating() || array.rank() == 0 || array.elements() < 2);
        assertThat(Fusion.standard().apply(graph).weights()).containsAllEntriesOf(weights);

        assertGradients(family, Backward.gradients(graph, family.inputs(), family.projection(), weights.keySet()));
    }

    private static void assertGradients(Family family, Map<String, Array> expected) {
        Graph fused = Fusion.standard().apply(family.graph());
        Map<String, Array> actual = Backward.gradients(fused, family.inputs(), family.projection(), expected.keySet());
        expected.forEach((name, array) -> assertThat(difference(array, Objects.requireNonNull(actual.get(name))))
                .as("gradient of %s in %s", name, family)
                .isLessThanOrEqualTo(GRADIENT * Math.max(1, largest(array))));
    }

    private static double largest(Array array) {
        double largest = 0;
        for (float value : array.floats()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double difference(Array expected, Array actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] a = expected.floats();
        float[] b = actual.floats();
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
