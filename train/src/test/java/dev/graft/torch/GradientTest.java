package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Autograd's gradients are the slopes that central differences in float64 find. */
class GradientTest {
    private static final double STEP = 1e-5;

    /** Differences are off by the square of the step and by rounding, 1e-16 of the value over the step. */
    private static final double TOLERANCE = 2e-8;

    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);

    /** Operators without a slope: whole numbers and truth values come out, or the result moves in steps. */
    static final Set<String> WITHOUT = Set.of(
            "And",
            "Or",
            "Xor",
            "Not",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "IsNaN",
            "IsInf",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "BitwiseNot",
            "BitShift",
            "Shape",
            "Size",
            "NonZero",
            "ArgMax",
            "ArgMin",
            "Sign",
            "Ceil",
            "Floor",
            "Round",
            "ConstantOfShape",
            "Range",
            "Hardmax");

    /** Operators whose gradients other tests look at. */
    static final Set<String> ELSEWHERE = Set.of("If", "Dropout");

    static List<GradientCase> cases() {
        return GradientCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void autogradFindsTheSlope(GradientCase test) {
        Graph graph = test.graph();
        Map<String, Array> inputs = test.inputs();
        try (Network network = TORCH.prepare(graph)) {
            Array output = OneNode.value(network.run(inputs), "y");
            Array projection = random(output.shape());
            Map<String, Array> gradients = Backward.gradients(graph, inputs, projection, inputs.keySet());
            inputs.forEach((name, array) -> {
                double[] actual = Numbers.of(OneNode.value(gradients, name));
                for (int i = 0; i < actual.length; i++) {
                    double slope = slope(network, inputs, projection, name, i);
                    assertThat(Math.abs(actual[i] - slope))
                            .as("%s: gradient for %s[%d] is %s, the slope %s", test, name, i, actual[i], slope)
                            .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(slope)));
                }
            });
        }
    }

    @Test
    void everyOperatorIsCheckedOrHasNoSlope() {
        Set<String> accounted = checked();
        accounted.addAll(WITHOUT);
        accounted.addAll(ELSEWHERE);
        assertThat(accounted)
                .containsExactlyInAnyOrderElementsOf(
                        Operators.standard().versions().keySet());
    }

    /** The operators whose gradients are compared with differences. */
    static Set<String> checked() {
        return cases().stream()
                .map(test -> OpTable.qualified(test.node().domain(), test.node().operator()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static double slope(
            Network network, Map<String, Array> inputs, Array projection, String name, int element) {
        return (value(network, inputs, projection, name, element, STEP)
                        - value(network, inputs, projection, name, element, -STEP))
                / (2 * STEP);
    }

    private static double value(
            Network network, Map<String, Array> inputs, Array projection, String name, int element, double step) {
        var moved = new LinkedHashMap<>(inputs);
        Array array = OneNode.value(inputs, name);
        double[] values = Numbers.of(array);
        values[element] += step;
        moved.put(name, Array.of(values, array.shape()));
        double[] output = Numbers.of(OneNode.value(network.run(moved), "y"));
        double[] weights = Numbers.of(projection);
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            sum += output[i] * weights[i];
        }
        return sum;
    }

    private static Array random(long... shape) {
        var random = new Random(11);
        double[] values = random.doubles(java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b), -1, 1)
                .toArray();
        return Array.of(values, shape);
    }
}
