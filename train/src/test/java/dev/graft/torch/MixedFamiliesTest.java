package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.rewrite.MixedPrecision;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In bfloat16, every exporter's writing of every family computes and learns nearly what PyTorch did in float32. */
class MixedFamiliesTest {
    /** The share of the outputs' Euclidean norm by which bfloat16, whose numbers lie 2^-8 apart, may differ. */
    private static final double FORWARD = 0.03;

    /** The same for each weight's gradient. */
    private static final double GRADIENT = 0.05;

    /** For gradients that are truly 0, such as those of the biases of keys: as a share of the largest gradient's norm. */
    private static final double NOTHING = 1e-3;

    private static final TorchSettings SETTINGS =
            TorchSettings.defaults().withThreads(1).withPrecision(Precision.BF16);
    private static final Torch FUSED = new Torch(SETTINGS, Fusion.standard());
    private static final Torch PLAIN = new Torch(SETTINGS, graph -> graph);

    static List<Family> families() {
        return Family.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void theOutputsAreNearPyTorchs(Family family) {
        for (Torch torch : List.of(FUSED, PLAIN)) {
            try (Session session = torch.prepare(family.graph())) {
                List<Array> actual =
                        new ArrayList<>(session.run(family.inputs()).values());
                List<Array> expected = family.outputs();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i).type()).isEqualTo(ElementType.FLOAT);
                    assertThat(distance(expected.get(i), actual.get(i)))
                            .as("output %d of %s", i, family)
                            .isLessThanOrEqualTo(FORWARD * norm(expected.get(i)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theGradientsAreNearPyTorchsAndFloat32(Family family) {
        Map<String, Array> expected = family.gradients();
        double largest = expected.values().stream()
                .mapToDouble(MixedFamiliesTest::norm)
                .max()
                .orElseThrow();
        for (Graph graph : List.of(Fusion.standard().apply(family.graph()), family.graph())) {
            Map<String, Array> actual = Backward.gradients(
                    new MixedPrecision().apply(graph), family.inputs(), family.projection(), expected.keySet());
            expected.forEach((name, array) -> {
                Array gradient = OneNode.value(actual, name);
                assertThat(gradient.type()).isEqualTo(ElementType.FLOAT);
                assertThat(distance(array, gradient))
                        .as("gradient of %s in %s", name, family)
                        .isLessThanOrEqualTo(GRADIENT * norm(array) + NOTHING * largest);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyProductButTheLastIsNarrowAndNoWeightIsLost(Family family) {
        Graph fused = Fusion.standard().apply(family.graph());
        Graph mixed = new MixedPrecision().apply(fused);

        assertThat(mixed.weights()).isEqualTo(fused.weights());
        Set<String> results = new java.util.HashSet<>();
        mixed.outputs().forEach(output -> results.add(output.name()));
        Map<String, Node> producers = new LinkedHashMap<>();
        mixed.nodes().forEach(node -> producers.put(node.output(), node));
        assertThat(mixed.nodes())
                .filteredOn(node -> node.operator().equals(FusedOperators.LINEAR)
                        && node.domain().equals(FusedOperators.DOMAIN)
                        && !results.contains(node.output()))
                .isNotEmpty()
                .allSatisfy(node -> assertThat(producers.get(node.input(1)))
                        .extracting(Node::operator)
                        .isEqualTo(FusedOperators.NARROW));
    }

    private static double norm(Array array) {
        double sum = 0;
        for (float value : array.floats()) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double distance(Array expected, Array actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] a = expected.floats();
        float[] b = actual.floats();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(sum);
    }
}
