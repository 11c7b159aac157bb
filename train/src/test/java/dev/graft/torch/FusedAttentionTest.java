package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attention against its definition, written out in plain loops. */
class FusedAttentionTest {
    private static final double ROUNDING = 1e-12;
    private static final int BATCH = 2;
    private static final int QUERIES = 3;
    private static final int KEYS = 4;
    private static final int HEADS = 2;
    private static final int WIDTH = 3;
    private static final double SCALE = 0.7;

    private static ValueInfo any(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    private static Graph attention(boolean masked, double dropout) {
        String[] operands = masked ? new String[] {"q", "k", "v", "mask"} : new String[] {"q", "k", "v"};
        Node node = Node.of(FusedOperators.ATTENTION, "y", operands)
                .in(FusedOperators.DOMAIN)
                .with("heads", new Attribute.Whole(HEADS))
                .with("scale", new Attribute.Real((float) SCALE))
                .with("dropout", new Attribute.Real((float) dropout));
        List<ValueInfo> inputs =
                List.of(operands).stream().map(FusedAttentionTest::any).toList();
        return Graph.of(inputs, List.of(any("y")), List.of(node), Map.of(), 17)
                .withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION);
    }

    private static Map<String, Array> inputs() {
        var inputs = new LinkedHashMap<String, Array>();
        inputs.put("q", GradientCheck.random(BATCH, QUERIES, HEADS * WIDTH));
        inputs.put("k", GradientCheck.random(BATCH, KEYS, HEADS * WIDTH));
        inputs.put("v", GradientCheck.random(BATCH, KEYS, HEADS * WIDTH));
        return inputs;
    }

    private static final boolean[] ATTENDED = {true, true, false, true, true, true, true, false};

    private static double[] defined(Map<String, Array> inputs, boolean masked) {
        double[] q = values(inputs, "q");
        double[] k = values(inputs, "k");
        double[] v = values(inputs, "v");
        double[] y = new double[q.length];
        for (int i = 0; i < BATCH * QUERIES * HEADS; i++) {
            int head = i % HEADS;
            int batch = i / HEADS / QUERIES;
            int from = i / HEADS * HEADS * WIDTH + head * WIDTH;
            double[] share = new double[KEYS];
            double sum = 0;
            for (int t = 0; t < KEYS; t++) {
                double dot = 0;
                for (int d = 0; d < WIDTH; d++) {
                    dot += q[from + d] * k[((batch * KEYS + t) * HEADS + head) * WIDTH + d];
                }
                share[t] = masked && !ATTENDED[batch * KEYS + t] ? 0 : Math.exp((float) SCALE * dot);
                sum += share[t];
            }
            for (int t = 0; t < KEYS; t++) {
                for (int d = 0; d < WIDTH; d++) {
                    y[from + d] += share[t] / sum * v[((batch * KEYS + t) * HEADS + head) * WIDTH + d];
                }
            }
        }
        return y;
    }

    private static double[] values(Map<String, Array> inputs, String name) {
        return Doubles.values(Objects.requireNonNull(inputs.get(name)));
    }

    private static void assertComputes(boolean masked, Map<String, Array> inputs) {
        var torch = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);
        try (Network network = torch.prepare(attention(masked, 0))) {
            double[] y =
                    Doubles.values(Objects.requireNonNull(network.run(inputs).get("y")));
            assertThat(y).containsExactly(defined(inputs, masked), org.assertj.core.data.Offset.offset(ROUNDING));
        }
    }

    @Test
    void withoutMaskAllPositionsAreMixed() {
        assertComputes(false, inputs());
    }

    @Test
    void truthValuesSayWhatIsAttendedTo() {
        Map<String, Array> inputs = inputs();
        inputs.put("mask", Array.of(ATTENDED, BATCH, 1, 1, KEYS));
        assertComputes(true, inputs);
    }

    @Test
    void numbersAreAddedToTheScores() {
        Map<String, Array> inputs = inputs();
        double[] mask = new double[ATTENDED.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = ATTENDED[i] ? 0 : -1e9;
        }
        inputs.put("mask", Array.of(mask, BATCH, 1, 1, KEYS));
        assertComputes(true, inputs);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        GradientCheck.assertAgrees(attention(false, 0), inputs(), 1e-8);
    }

    /** With a rate so small that nothing is dropped, the way with dropout must give what the way without gives. */
    @Test
    void theWayWithDropoutComputesTheSame() {
        for (boolean masked : new boolean[] {false, true}) {
            Map<String, Array> inputs = inputs();
            if (masked) {
                inputs.put("mask", Array.of(ATTENDED, BATCH, 1, 1, KEYS));
            }
            double expected = squares(attention(masked, 0), inputs);
            assertThat(squares(attention(masked, 1e-9), inputs))
                    .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-8));
            assertThat(squares(attention(masked, 0.5), inputs)).isNotEqualTo(expected);
        }
    }

    /** The mean square of the attention in training mode. */
    private static double squares(Graph graph, Map<String, Array> inputs) {
        var torch = new Torch(TorchSettings.defaults().withThreads(1), same -> same);
        try (Network network = torch.prepare(graph)) {
            Array zeros = Array.of(new double[BATCH * QUERIES * HEADS * WIDTH], BATCH, QUERIES, HEADS * WIDTH);
            var inputsThatLearn = new LinkedHashMap<>(inputs);
            return network.learn(inputsThatLearn, zeros, new Loss.MeanSquaredError("y"), 0, 3)
                    .value();
        }
    }
}
