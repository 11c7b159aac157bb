package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twelve steps of training go as they went in PyTorch: losses, gradient norms, weights at the end.
 *
 * <p>Recorded by {@code tools/record_training.py} in float64; the graph holds a few of its constants in float32.
 */
class TrajectoryTest {
    private static final double LOSS = 1e-7;
    private static final double NORM = 1e-6;
    private static final double WEIGHT = 1e-6;

    private final Path folder = resource();
    private final JsonNode record = json();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainingFollowsPyTorch(boolean fused) {
        Graph graph = graph();
        Rewrite fusion = fused ? Fusion.standard() : same -> same;
        try (Network network = new Torch(TorchSettings.defaults().withThreads(1), fusion).prepare(graph)) {
            Map<String, Array> expected = Family.recorded(folder, "final/");
            network.trainable(trainable(expected));
            Optimizer optimizer = Optimizer.adamW(record.get("weightDecay").asDouble(), undecayed());
            for (int step = 0; step < record.get("steps").size(); step++) {
                step(network, step, optimizer);
            }
            Map<String, Array> actual = network.weights();
            expected.forEach((name, array) ->
                    assertThat(distance(array, actual.get(ours(name)))).as(name).isLessThan(WEIGHT));
        }
    }

    private void step(Network network, int step, Optimizer optimizer) {
        JsonNode wanted = record.get("steps").get(step);
        Map<String, Array> inputs = Family.recorded(folder, "step_" + step + "/");
        Array labels = Objects.requireNonNull(inputs.remove("labels"));
        LossValue loss = network.learn(inputs, labels, Loss.CrossEntropy.plain(), 1, step);
        assertThat(loss.value())
                .as("loss of step %d", step)
                .isCloseTo(wanted.get("loss").asDouble(), within(LOSS));
        assertThat(network.clip(record.get("maxGradNorm").asDouble()))
                .as("gradient norm of step %d", step)
                .isCloseTo(wanted.get("gradNorm").asDouble(), within(NORM));
        double rate = wanted.get("learningRate").asDouble();
        network.step(optimizer, weight -> rate);
    }

    /** The recorded head in place of the random one, and everything in float64. */
    private Graph graph() {
        int classes = Math.toIntExact(head("head.bias").elements());
        Graph graph =
                Doubles.of(new ClassifierHead(Pooling.MEAN, classes, 0).apply(Onnx.read(folder.resolve("model.onnx"))));
        var weights = new LinkedHashMap<>(graph.weights());
        weights.put(ClassifierHead.WEIGHT, head("head.weight"));
        weights.put(ClassifierHead.BIAS, head("head.bias"));
        return graph.withWeights(weights);
    }

    private Array head(String name) {
        return Doubles.of(Objects.requireNonNull(Family.recorded(folder, name).get("")));
    }

    private Set<String> trainable(Map<String, Array> recorded) {
        var names = new HashSet<String>();
        recorded.keySet().forEach(name -> names.add(ours(name)));
        record.get("withoutGradient").forEach(name -> names.remove(name.asText()));
        return names;
    }

    private Set<String> undecayed() {
        var names = new HashSet<String>();
        record.get("withoutDecay").forEach(name -> names.add(ours(name.asText())));
        return names;
    }

    private static String ours(String name) {
        return switch (name) {
            case "head.weight" -> ClassifierHead.WEIGHT;
            case "head.bias" -> ClassifierHead.BIAS;
            default -> name;
        };
    }

    private static double distance(Array expected, @org.jspecify.annotations.Nullable Array actual) {
        if (actual == null) {
            return 0;
        }
        double[] e = Doubles.values(Doubles.of(expected));
        double[] a = Doubles.values(actual);
        double distance = 0;
        for (int i = 0; i < e.length; i++) {
            distance = Math.max(distance, Math.abs(e[i] - a[i]));
        }
        return distance;
    }

    private static Path resource() {
        try {
            return Path.of(Objects.requireNonNull(TrajectoryTest.class.getResource("/trajectory"))
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode json() {
        try {
            return new ObjectMapper().readTree(folder.resolve("trajectory.json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
