package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes the place of several nodes in runs that do not learn. */
class ServingStepsTest {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);
    private static final String CONV = "c = Conv (x, kernels)";
    private static final String BIASED = "c = Conv (x, kernels, bias)";
    private static final String NORM =
            "y = BatchNormalization <epsilon: float = 0.01> (c, scale, shift, mean, variance)";
    private static final Map<String, Array> INPUTS = Map.of("x", numbers(2, 2, 4, 4));

    private static Graph graph(String nodes) {
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n,2,4,4] x) => (float[n,3,4,4] y)
                <float[3,2,1,1] kernels = {1, -2, 0.5, 3, 1, 1}, float[3] bias = {1, -1, 0.5}, float[3] scale = {1, 1.5, -2},
                 float[3] shift = {0.5, 0, 1}, float[3] mean = {0.25, -1, 0}, float[3] variance = {2, 0.5, 1}>
                {
                  %s
                }
                """.formatted(nodes));
    }

    private static Array numbers(long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * 7 % 11 - 5) / 4f;
        }
        return Array.of(values, shape);
    }

    private static List<String> operators(Graph graph) {
        return Program.of(graph.main(), Binding.of(graph, Operators.standard())).serving().stream()
                .map(step -> step.node().operator())
                .toList();
    }

    private static float[] served(Session session) {
        return OneNode.value(session.run(INPUTS), "y").floats();
    }

    private static float[] servedByOnnxRuntime(Graph graph) {
        try (Session session = new OrtRuntime().prepare(graph)) {
            return served(session);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CONV, BIASED})
    void aConvolutionAndItsNormalisationAreOne(String convolution) {
        Graph graph = graph(convolution + "\n" + NORM);
        assertThat(operators(graph)).containsExactly("NormalizedConvolution");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(served(network)).containsExactly(servedByOnnxRuntime(graph), ROUNDING);
            assertThat(served(network)).containsExactly(served(network));
        }
    }

    @Test
    void whatAnotherNodeReadsStays() {
        Graph graph = graph(CONV + "\n" + NORM.replace("y =", "z =") + "\n y = Add (c, z)");
        assertThat(operators(graph)).containsExactly("Conv", "BatchNormalization", "Add");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(served(network)).containsExactly(servedByOnnxRuntime(graph), ROUNDING);
        }
    }

    @Test
    void whatIsAnOutputStays() {
        Graph graph = graph(
                CONV.replace("c =", "y =") + "\n" + NORM.replace("y =", "z =").replace("(c,", "(y,"));
        assertThat(operators(graph)).containsExactly("Conv", "BatchNormalization");
    }

    @Test
    void statisticsThatAreComputedStay() {
        Graph graph = graph(CONV + "\n m = Neg (mean)\n" + NORM.replace("mean,", "m,"));
        assertThat(operators(graph)).containsExactly("Conv", "Neg", "BatchNormalization");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(served(network)).containsExactly(servedByOnnxRuntime(graph), ROUNDING);
        }
    }

    /** An operand of the convolution that nobody else reads is freed with it, and one that a later node reads is not. */
    @Test
    void whatIsReadAfterwardsLives() {
        Graph graph = graph("a = Abs (x)\n" + CONV.replace("(x,", "(a,") + "\n s = ReduceSum (a)\n"
                + NORM.replace("y =", "z =") + "\n y = Add (z, s)");
        assertThat(operators(graph)).containsExactly("Abs", "NormalizedConvolution", "ReduceSum", "Add");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(served(network)).containsExactly(servedByOnnxRuntime(graph), Offset.offset(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernels", "bias", "scale", "shift"})
    void whatHasLearnedIsServedAnew(String weight) {
        Graph graph = graph(BIASED + "\n" + NORM);
        try (Network network = OneNode.TORCH.prepare(graph)) {
            Map<String, Array> before = network.weights();
            float[] first = served(network);
            network.trainable(Set.of(weight));
            network.learn(INPUTS, numbers(2, 3, 4, 4), new Loss.MeanSquaredError("y"), 1, 1);
            network.step(Optimizer.adamW(0, Set.of()), name -> 0.1);
            float[] after = served(network);
            assertThat(after).isNotEqualTo(first).containsExactly(servedByOnnxRuntime(network.graph()), ROUNDING);
            network.load(before);
            assertThat(served(network)).isEqualTo(first);
        }
    }

    @Test
    void whoeverWatchesSeesEveryNode() {
        var seen = new ArrayList<String>();
        try (Network network = OneNode.TORCH.prepare(graph(CONV + "\n" + NORM))) {
            network.compute(Content.of(INPUTS), (node, operands, results) -> seen.add(node.operator()));
        }
        assertThat(seen).containsExactly("Conv", "BatchNormalization");
    }
}
