package dev.graft.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.LiftConstants;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that nobody here exported run on libtorch as on ONNX Runtime, and can learn. */
@Tag("slow")
class RealModelsTest {
    /** Of the largest value of an output, or of 1 where all are smaller: rounding of float32 over a hundred layers. */
    private static final double TOLERANCE = 1e-4;
    /** The loss falls by this share at least within {@link #STEPS} steps. */
    private static final double FALL = 0.02;

    private static final int STEPS = 5;
    /** Of operator set 1, which ONNX Runtime does not run. */
    private static final String OLDEST = "mnist";

    static List<RealModel> models() {
        return RealModel.all();
    }

    static List<RealModel> served() {
        return models().stream().filter(model -> !model.name().equals(OLDEST)).toList();
    }

    private static Graph graph(String model) {
        return new LiftConstants().apply(Onnx.read(Shared.model(model)));
    }

    private static Network network(Graph graph) {
        return new Torch(TorchSettings.defaults().withThreads(2), Fusion.standard()).prepare(graph);
    }

    /** The recording is of tools/record_models.py. */
    @Test
    void aModelOfTheFirstOperatorSetAgreesWithPyTorch() {
        Map<String, Array> recorded = Safetensors.read(Path.of("src/test/resources/models/recorded.safetensors"))
                .arrays();
        try (Network network = network(graph(OLDEST))) {
            for (int i = 0; i < recorded.size() / 2; i++) {
                Array input = Objects.requireNonNull(recorded.get(i + "/Input3"));
                Array wanted = Objects.requireNonNull(recorded.get(i + "/Plus214_Output_0"));
                Array found = network.run(Map.of("Input3", input)).get("Plus214_Output_0");
                compare("Plus214_Output_0", Objects.requireNonNull(found), wanted);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("served")
    void agreesWithOnnxRuntime(RealModel model) {
        Graph original = Onnx.read(Shared.model(model.name()));
        try (Network network = network(graph(model.name()));
                Session reference = new OrtRuntime().prepare(original)) {
            for (Map<String, Array> inputs : List.of(model.real().get(), model.random(1), model.random(2))) {
                Map<String, Array> found = network.run(inputs);
                reference.run(inputs).forEach((name, expected) -> compare(name, found.get(name), expected));
            }
        }
    }

    private static void compare(String name, Array found, Array expected) {
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        float[] values = found.floats();
        float[] wanted = expected.floats();
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Math.abs(wanted[i] - (double) values[i]));
        }
        assertThat(difference / largest).as("difference of output '%s'", name).isLessThan(TOLERANCE);
    }

    /** The first output is drawn towards half of what it is, by all weights that can learn. */
    @ParameterizedTest
    @MethodSource("models")
    void learns(RealModel model) {
        Graph graph = graph(model.name());
        Set<String> trainable = Sites.of(graph).weights(Selector.learnable());
        String output = graph.outputs().get(0).name();
        Map<String, Array> inputs = model.real().get();
        try (Network network = network(graph)) {
            Array targets = halved(Objects.requireNonNull(network.run(inputs).get(output)));
            network.trainable(trainable);
            double first = step(network, inputs, targets, output, model.rate());
            double last = first;
            for (int i = 1; i < STEPS; i++) {
                last = step(network, inputs, targets, output, model.rate());
            }
            assertThat(last).as("loss after %d steps, %s before", STEPS, first).isLessThan(first * (1 - FALL));
            assertThat(network.weights().keySet()).containsAll(trainable);
        }
    }

    private static double step(Network network, Map<String, Array> inputs, Array targets, String output, double rate) {
        double loss = network.learn(inputs, targets, new Loss.MeanSquaredError(output), 1, 7)
                .value();
        assertThat(network.clip(1)).isFinite().isPositive();
        network.step(Optimizer.adamW(0, Set.of()), weight -> rate);
        return loss;
    }

    private static Array halved(Array array) {
        assertThat(array.type()).isEqualTo(ElementType.FLOAT);
        float[] values = array.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
        }
        return Array.of(values, array.shape());
    }
}
