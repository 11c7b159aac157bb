package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Holds autograd to central differences in float64.
 *
 * <p>The loss is the sum of the first output's products with random numbers, so that no part of a wrong gradient can
 * cancel another.
 */
final class GradientCheck {
    private static final double STEP = 1e-6;

    private GradientCheck() {}

    /**
     * Checks the gradients for all float64 inputs of a graph.
     *
     * @param tolerance how far a gradient may lie from its difference quotient, as a share of it where it is over 1
     */
    static void assertAgrees(Graph graph, Map<String, Array> inputs, double tolerance) {
        Torch torch = new Torch(TorchSettings.defaults().withThreads(1), same -> same);
        try (Network network = torch.prepare(graph)) {
            Array projection = random(output(network, graph, inputs).shape());
            Set<String> wanted = inputs.keySet().stream()
                    .filter(name -> type(inputs, name) == ElementType.DOUBLE)
                    .collect(java.util.stream.Collectors.toSet());
            Map<String, Array> gradients = Backward.gradients(graph, inputs, projection, wanted);
            gradients.forEach((name, gradient) -> {
                double[] analytic = Doubles.values(gradient);
                for (int i = 0; i < analytic.length; i++) {
                    double quotient = (loss(network, graph, moved(inputs, name, i, STEP), projection)
                                    - loss(network, graph, moved(inputs, name, i, -STEP), projection))
                            / (2 * STEP);
                    assertThat(Math.abs(analytic[i] - quotient))
                            .as("gradient of %s[%d]: %s by autograd, %s by differences", name, i, analytic[i], quotient)
                            .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(analytic[i])));
                }
            });
        }
    }

    /** Float64 numbers from a normal distribution, the same in every run. */
    static Array random(long... shape) {
        var random = new Random(20261121);
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        return Array.of(random.doubles(count, -1, 1).toArray(), shape);
    }

    private static ElementType type(Map<String, Array> inputs, String name) {
        return Objects.requireNonNull(inputs.get(name)).type();
    }

    private static Array output(Network network, Graph graph, Map<String, Array> inputs) {
        return Objects.requireNonNull(
                network.run(inputs).get(graph.outputs().get(0).name()));
    }

    private static double loss(Network network, Graph graph, Map<String, Array> inputs, Array projection) {
        double[] output = Doubles.values(output(network, graph, inputs));
        double[] factors = Doubles.values(projection);
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            sum += output[i] * factors[i];
        }
        return sum;
    }

    private static Map<String, Array> moved(Map<String, Array> inputs, String name, int index, double by) {
        Array array = Objects.requireNonNull(inputs.get(name));
        double[] values = Doubles.values(array);
        values[index] += by;
        var moved = new LinkedHashMap<>(inputs);
        moved.put(name, Array.of(values, array.shape()));
        return moved;
    }
}
