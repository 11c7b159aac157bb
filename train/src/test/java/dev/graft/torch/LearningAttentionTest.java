package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention that computes its own way back, beside the same in ONNX's operators, whose way back is libtorch's. */
class LearningAttentionTest {
    private static final int HEADS = 2;
    private static final int WIDTH = 4;
    private static final float RATE = 0.25f;
    private static final long SEED = 11;

    /** How far float32 sums in another order may lie apart, as a share of the largest gradient. */
    private static final double ROUNDING = 1e-5;

    private static final String STEP_BY_STEP = """
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[b,t,8] q, float[b,t,8] k, float[b,t,8] v, float[b,1,1,t] mask) => (float[b,t,8] y)
            <int64[4] split = {0, 0, 2, 4}, int64[3] joined = {0, 0, 8}, float scale = {0.5}, float rate = {0.25}> {
              q3 = Reshape (q, split)
              k3 = Reshape (k, split)
              v3 = Reshape (v, split)
              q4 = Transpose <perm = [0, 2, 1, 3]> (q3)
              k4 = Transpose <perm = [0, 2, 3, 1]> (k3)
              v4 = Transpose <perm = [0, 2, 1, 3]> (v3)
              raw = MatMul (q4, k4)
              scaled = Mul (raw, scale)
              masked = Add (scaled, mask)
              shares = Softmax <axis = 3> (masked)
              dropped = Dropout (shares, rate)
              mixed = MatMul (dropped, v4)
              y3 = Transpose <perm = [0, 2, 1, 3]> (mixed)
              y = Reshape (y3, joined)
            }
            """;

    private static ValueInfo any(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    private static Graph fused() {
        Node node = Node.of(FusedOperators.ATTENTION, "y", "q", "k", "v", "mask")
                .in(FusedOperators.DOMAIN)
                .with("heads", new Attribute.Whole(HEADS))
                .with("scale", new Attribute.Real(0.5f))
                .with("dropout", new Attribute.Real(RATE));
        List<ValueInfo> inputs = List.of(any("q"), any("k"), any("v"), any("mask"));
        return Graph.of(inputs, List.of(any("y")), List.of(node), Map.of(), 17)
                .withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION);
    }

    private static Array normal(int seed, long... shape) {
        var random = new Random(seed);
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Array.of(values, shape);
    }

    /** The last position of each example but the first is hidden. */
    private static Array mask(int batch, int tokens) {
        float[] mask = new float[batch * tokens];
        for (int example = 1; example < batch; example++) {
            mask[example * tokens + tokens - 1] = -1e9f;
        }
        return Array.of(mask, batch, 1, 1, tokens);
    }

    private static Map<String, Array> inputs(int batch, int tokens) {
        var inputs = new LinkedHashMap<String, Array>();
        for (String name : List.of("q", "k", "v")) {
            inputs.put(name, normal(name.charAt(0), batch, tokens, HEADS * WIDTH));
        }
        inputs.put("mask", mask(batch, tokens));
        return inputs;
    }

    private static Map<String, Array> gradients(Graph graph, int batch, int tokens, List<String> wanted) {
        var run = new Run(true, SEED, Device.CPU);
        Array projection = normal(5, batch, tokens, HEADS * WIDTH);
        try (WaysBack waysBack = run.waysBack()) {
            return Backward.gradients(graph, inputs(batch, tokens), projection, wanted, run);
        }
    }

    /**
     * Of the first libtorch keeps all; of the next two the shares are kept, in parts of one example and of thirteen; of the
     * last two nothing is, in parts of the same.
     */
    @ParameterizedTest
    @CsvSource({"3,5", "5,600", "40,200", "60,200", "3,1001"})
    void learnsAsOperatorsOneByOneDo(int batch, int tokens) {
        List<String> wanted = List.of("q", "k", "v");
        Map<String, Array> expected = gradients(GraphText.parse(STEP_BY_STEP), batch, tokens, wanted);
        Map<String, Array> actual = gradients(fused(), batch, tokens, wanted);
        wanted.forEach(name -> assertClose(name, array(actual, name), array(expected, name)));
    }

    @Test
    void whatDoesNotLearnHasNoGradient() {
        List<String> wanted = List.of("k");
        Map<String, Array> expected = gradients(GraphText.parse(STEP_BY_STEP), 5, 600, wanted);
        assertClose("k", array(gradients(fused(), 5, 600, wanted), "k"), array(expected, "k"));
    }

    private static Array array(Map<String, Array> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name));
    }

    private static void assertClose(String name, Array actual, Array expected) {
        float[] a = actual.floats();
        float[] e = expected.floats();
        double largest = 0;
        double apart = 0;
        for (int i = 0; i < e.length; i++) {
            largest = Math.max(largest, Math.abs(e[i]));
            apart = Math.max(apart, Math.abs(a[i] - e[i]));
        }
        assertThat(largest).as("gradient of %s", name).isPositive();
        assertThat(apart).as("gradient of %s", name).isLessThanOrEqualTo(ROUNDING * largest);
    }
}
