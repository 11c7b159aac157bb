package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent layers in all their settings, beside ONNX Runtime and beside each other. */
class RecurrentTest {
    private static final float FLOAT32 = 2e-6f;
    private static final long STEPS = 5;
    private static final long BATCH = 3;
    private static final long INPUTS = 4;
    private static final long HIDDEN = 2;

    /** What one test asks of a layer. */
    private record Layer(
            String operator,
            String direction,
            boolean biased,
            boolean lengths,
            boolean initial,
            boolean peepholes,
            UnaryOperator<Node> setting,
            String name) {
        int directions() {
            return direction.equals("bidirectional") ? 2 : 1;
        }

        long gates() {
            return operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
        }

        Node node() {
            var reads =
                    new ArrayList<>(List.of("x", "w", "r", biased ? "b" : "", lengths ? "l" : "", initial ? "h" : ""));
            if (operator.equals("LSTM")) {
                reads.add(initial ? "c" : "");
                reads.add(peepholes ? "p" : "");
            }
            return setting.apply(Node.of(operator, "y", reads.toArray(new String[0]))
                    .defining(outputs())
                    .with("direction", new Attribute.Text(direction))
                    .with("hidden_size", new Attribute.Whole(HIDDEN)));
        }

        List<String> outputs() {
            return operator.equals("LSTM") ? List.of("y", "yh", "yc") : List.of("y", "yh");
        }

        Graph graph(Map<String, Array> inputs) {
            List<ValueInfo> given = inputs.entrySet().stream()
                    .map(input -> OneNode.declared(input.getKey(), input.getValue()))
                    .toList();
            List<ValueInfo> made = outputs().stream()
                    .map(output -> new ValueInfo(output, Optional.empty(), Optional.empty(), Extras.NONE))
                    .toList();
            return Graph.of(given, made, List.of(node()), Map.of(), 14);
        }

        Map<String, Array> inputs() {
            long d = directions();
            var all = new LinkedHashMap<String, Array>();
            all.put("x", floats(STEPS, BATCH, INPUTS));
            all.put("w", floats(d, gates() * HIDDEN, INPUTS));
            all.put("r", floats(d, gates() * HIDDEN, HIDDEN));
            all.put("b", floats(d, 2 * gates() * HIDDEN));
            all.put("l", Array.of(new int[] {5, 2, 3}, 3));
            all.put("h", floats(d, BATCH, HIDDEN));
            all.put("c", floats(d, BATCH, HIDDEN));
            all.put("p", floats(d, 3 * HIDDEN));
            all.keySet().retainAll(node().inputs());
            return all;
        }

        @Override
        public String toString() {
            return operator + " " + direction + " " + name + (biased ? " biased" : "") + (lengths ? " lengths" : "")
                    + (initial ? " initial" : "") + (peepholes ? " peepholes" : "");
        }
    }

    private static Array floats(long... shape) {
        var random = new Random(shape[shape.length - 1] * 31 + shape[0]);
        int count = (int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Array.of(values, shape);
    }

    private static Attribute texts(String... names) {
        return new Attribute.Texts(List.of(names));
    }

    private static UnaryOperator<Node> activations(String operator, int directions, String... names) {
        int each = operator.equals("LSTM") ? 3 : operator.equals("GRU") ? 2 : 1;
        String[] all = IntStream.range(0, each * directions)
                .mapToObj(i -> names[i % names.length])
                .toArray(String[]::new);
        return node -> node.with("activations", texts(all));
    }

    static List<Layer> layers() {
        var layers = new ArrayList<Layer>();
        for (String operator : List.of("RNN", "GRU", "LSTM")) {
            for (String direction : List.of("forward", "reverse", "bidirectional")) {
                int directions = direction.equals("bidirectional") ? 2 : 1;
                layers.add(new Layer(operator, direction, false, false, false, false, same -> same, "plain"));
                layers.add(new Layer(operator, direction, true, false, true, false, same -> same, "plain"));
                layers.add(new Layer(operator, direction, true, true, true, false, same -> same, "plain"));
                UnaryOperator<Node> clip = node -> node.with("clip", new Attribute.Real(0.3f));
                layers.add(new Layer(operator, direction, true, false, true, false, clip, "clipped"));
                UnaryOperator<Node> others =
                        node -> activations(operator, directions, "HardSigmoid", "Softsign", "Relu")
                                .apply(node)
                                .with("activation_alpha", new Attribute.Reals(List.of(0.3f, 0.2f)))
                                .with("activation_beta", new Attribute.Reals(List.of(0.5f, 0.4f)));
                layers.add(new Layer(operator, direction, true, false, false, false, others, "other activations"));
                if (directions == 1) {
                    UnaryOperator<Node> scaled = node -> activations(operator, 1, "LeakyRelu", "Affine", "Tanh")
                            .apply(node)
                            .with("activation_alpha", new Attribute.Reals(List.of(0.2f, 0.7f, 0.1f)))
                            .with("activation_beta", new Attribute.Reals(List.of(0.3f, 0.4f)));
                    layers.add(new Layer(operator, direction, true, false, false, false, scaled, "scaled activations"));
                }
            }
        }
        for (String direction : List.of("forward", "bidirectional")) {
            UnaryOperator<Node> linear = node -> node.with("linear_before_reset", new Attribute.Whole(1));
            layers.add(new Layer("GRU", direction, true, false, true, false, linear, "linear first"));
            layers.add(new Layer("GRU", direction, true, true, true, false, linear, "linear first"));
            layers.add(new Layer("LSTM", direction, true, false, true, true, same -> same, "plain"));
            UnaryOperator<Node> coupled = node -> node.with("input_forget", new Attribute.Whole(1));
            layers.add(new Layer("LSTM", direction, true, false, true, true, coupled, "coupled"));
        }
        return layers;
    }

    private static Map<String, Array> run(Runtime runtime, Layer layer) {
        Map<String, Array> inputs = layer.inputs();
        try (Session session = runtime.prepare(layer.graph(inputs))) {
            return session.run(inputs);
        }
    }

    private static void assertSame(Layer layer, Map<String, Array> expected, Map<String, Array> actual) {
        for (String output : layer.outputs()) {
            Array wanted = OneNode.value(expected, output);
            Array got = OneNode.value(actual, output);
            assertThat(got.shape()).as(output).isEqualTo(wanted.shape());
            assertThat(got.floats()).as(output).containsExactly(wanted.floats(), offset(FLOAT32));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void computesWhatOnnxRuntimeComputes(Layer layer) {
        assertSame(layer, run(new OrtRuntime(), layer), run(OneNode.TORCH, layer));
    }

    /** A clip that never clips keeps a layer from the fused kernels. */
    @ParameterizedTest
    @MethodSource("layers")
    void stepsComputeWhatFusedKernelsCompute(Layer layer) {
        Node node = layer.node();
        assumeTrue(!node.attributes().containsKey("clip"), "clips already");
        Map<String, Array> inputs = layer.inputs();
        Graph graph = layer.graph(inputs);
        Graph stepwise = graph.withNodes(List.of(node.with("clip", new Attribute.Real(1e9f))));
        try (Network fused = OneNode.TORCH.prepare(graph);
                Network steps = OneNode.TORCH.prepare(stepwise)) {
            assertSame(layer, fused.run(inputs), steps.run(inputs));
        }
    }

    /** ONNX Runtime takes 0 for what is left out here, the specification what the operator of the name has. */
    @Test
    void activationsHaveTheDefaultsOfTheirOperators() {
        for (String name : List.of("HardSigmoid", "LeakyRelu", "Elu", "ThresholdedRelu", "Softplus", "Softsign")) {
            UnaryOperator<Node> one = node -> node.with("activations", texts(name));
            var layer = new Layer("RNN", "forward", false, false, true, false, one, name);
            var inputs = new LinkedHashMap<>(layer.inputs());
            inputs.put("x", Array.of(new float[] {2, -3}, 1, 1, 2));
            inputs.put("w", Array.of(new float[] {1, 0, 0, 1}, 1, 2, 2));
            inputs.put("r", Array.of(new float[4], 1, 2, 2));
            inputs.put("h", Array.of(new float[2], 1, 1, 2));
            try (Network network = OneNode.TORCH.prepare(layer.graph(inputs))) {
                float[] expected =
                        OneNode.run(name, 22, Array.of(new float[] {2, -3}, 2)).floats();
                assertThat(OneNode.value(network.run(inputs), "yh").floats())
                        .as(name)
                        .containsExactly(expected);
            }
        }
    }

    @Test
    void batchesMayComeFirst() {
        for (String operator : List.of("RNN", "GRU", "LSTM")) {
            for (boolean lengths : List.of(true, false)) {
                var layer = new Layer(operator, "bidirectional", true, lengths, true, false, same -> same, "plain");
                UnaryOperator<Node> turned = node -> node.with("layout", new Attribute.Whole(1));
                var other = new Layer(operator, "bidirectional", true, lengths, true, false, turned, "plain");
                Map<String, Array> expected = run(OneNode.TORCH, layer);
                Map<String, Array> inputs = layer.inputs();
                inputs.replaceAll((name, array) -> List.of("x", "h", "c").contains(name) ? swapped(array) : array);
                try (Network network = OneNode.TORCH.prepare(other.graph(inputs))) {
                    Map<String, Array> actual = network.run(inputs);
                    Array y = OneNode.run(perm(2, 0, 1, 3), 13, OneNode.value(expected, "y"));
                    assertThat(OneNode.value(actual, "y").shape()).isEqualTo(y.shape());
                    assertThat(OneNode.value(actual, "y").floats()).containsExactly(y.floats(), offset(FLOAT32));
                    assertThat(OneNode.value(actual, "yh").floats())
                            .containsExactly(
                                    swapped(OneNode.value(expected, "yh")).floats(), offset(FLOAT32));
                }
            }
        }
    }

    private static Array swapped(Array array) {
        return OneNode.run(perm(1, 0, 2), 13, array);
    }

    private static Node perm(long... axes) {
        return OneNode.node("Transpose", 1)
                .with("perm", new Attribute.Wholes(LongStream.of(axes).boxed().toList()));
    }

    @Test
    void noStepsLeaveTheStateAsItWas() {
        for (String operator : List.of("RNN", "GRU", "LSTM")) {
            var layer = new Layer(operator, "forward", true, false, true, false, same -> same, "plain");
            var inputs = layer.inputs();
            inputs.put("x", Array.of(new float[0], 0, BATCH, INPUTS));
            try (Network network = OneNode.TORCH.prepare(layer.graph(inputs))) {
                Map<String, Array> outputs = network.run(inputs);
                assertThat(OneNode.value(outputs, "y").shape()).containsExactly(0, 1, BATCH, HIDDEN);
                assertThat(OneNode.value(outputs, "yh")).isEqualTo(inputs.get("h"));
            }
        }
    }

    /** ONNX Runtime 1.29 ends the process for some lists of this kind, so this is not compared with it. */
    @Test
    void numbersOfActivationsAreUsedUpInOrder() {
        UnaryOperator<Node> scaled = node -> node.with("activations", texts("LeakyRelu", "Affine"))
                .with("activation_alpha", new Attribute.Reals(List.of(0.5f, 2f)))
                .with("activation_beta", new Attribute.Reals(List.of(0.25f)));
        var layer = new Layer("RNN", "bidirectional", false, false, false, false, scaled, "scaled");
        var inputs = new LinkedHashMap<>(layer.inputs());
        inputs.put("x", Array.of(new float[] {2, -3}, 1, 1, 2));
        inputs.put("w", Array.of(new float[] {1, 0, 0, 1, 1, 0, 0, 1}, 2, 2, 2));
        inputs.put("r", Array.of(new float[8], 2, 2, 2));
        try (Network network = OneNode.TORCH.prepare(layer.graph(inputs))) {
            assertThat(OneNode.value(network.run(inputs), "yh").floats()).containsExactly(2, -1.5f, 4.25f, -5.75f);
        }
    }

    @Test
    void sequencesAreTurnedRoundToTheirLength() {
        Array x = Array.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 4);
        Node batchFirst = OneNode.node("ReverseSequence", 2)
                .with("batch_axis", new Attribute.Whole(0))
                .with("time_axis", new Attribute.Whole(1));
        Array lengths = Array.of(new long[] {3, 0}, 2);
        assertThat(OneNode.run(batchFirst, 10, x, lengths).floats()).containsExactly(2, 1, 0, 3, 4, 5, 6, 7);
        Array each = Array.of(new long[] {1, 2, 2, 1}, 4);
        assertThat(OneNode.run("ReverseSequence", 10, x, each).floats()).containsExactly(0, 5, 6, 3, 4, 1, 2, 7);
    }
}
