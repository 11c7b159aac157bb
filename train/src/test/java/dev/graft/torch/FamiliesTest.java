package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every exporter's writing of every family of encoders computes, and learns, as PyTorch does. */
class FamiliesTest {
    /** How far float32 sums in another order may lie apart, for outputs of the size of 1. */
    private static final double FORWARD = 2e-5;

    /** For gradients, as a share of the weight's largest one; PyTorch differs by 1e-6 from itself in another order. */
    private static final double GRADIENT = 5e-6;

    /** For gradients that are truly 0, such as those of the biases of keys. */
    private static final double NOTHING = 1e-6;

    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);

    static List<Family> families() {
        return Family.all();
    }

    @Test
    void allRecordingsAreThere() {
        assertThat(families()).hasSizeGreaterThanOrEqualTo(35);
    }

    @ParameterizedTest
    @MethodSource("families")
    void libtorchComputesWhatPyTorchComputed(Family family) {
        try (Session session = TORCH.prepare(family.graph())) {
            assertClose(family, session.run(family.inputs()));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void onnxRuntimeComputesWhatPyTorchComputed(Family family) {
        try (Session session = new OrtRuntime().prepare(family.graph())) {
            assertClose(family, session.run(family.inputs()));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void fusionComputesWhatPyTorchComputed(Family family) {
        try (Session session =
                new Torch(TorchSettings.defaults().withThreads(1), Fusion.standard()).prepare(family.graph())) {
            assertClose(family, session.run(family.inputs()));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsAreWhatPyTorchComputed(Family family) {
        assertGradients(family, family.graph());
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsThroughFusedNodesAreWhatPyTorchComputed(Family family) {
        assertGradients(family, Fusion.standard().apply(family.graph()));
    }

    private static void assertGradients(Family family, Graph graph) {
        Map<String, Array> expected = family.gradients();
        assertThat(expected).isNotEmpty();
        Map<String, Array> actual = Backward.gradients(graph, family.inputs(), family.projection(), expected.keySet());
        expected.forEach((name, array) -> {
            double largest = 0;
            for (float value : array.floats()) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(difference(array, OneNode.value(actual, name)))
                    .as("gradient of %s in %s", name, family)
                    .isLessThanOrEqualTo(NOTHING + GRADIENT * largest);
        });
    }

    private static void assertClose(Family family, Map<String, Array> outputs) {
        var actual = new ArrayList<>(outputs.values());
        List<Array> expected = family.outputs();
        assertThat(actual).hasSizeGreaterThanOrEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(difference(expected.get(i), actual.get(i)))
                    .as("output %d of %s", i, family)
                    .isLessThanOrEqualTo(FORWARD);
        }
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
