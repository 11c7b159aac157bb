package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int ELEMENTS = 1000;
    private static final Array ONES = ones();

    private static Array ones() {
        float[] ones = new float[ELEMENTS];
        Arrays.fill(ones, 1);
        return Array.of(ones, ELEMENTS);
    }

    private static Graph graph(String output, long opset) {
        Node dropout = opset < 12
                ? Node.of("Dropout", "y", "x").with("ratio", new Attribute.Real(0.25f))
                : Node.of("Dropout", "y", "x", "rate");
        var x = new ValueInfo("x", Optional.of(ElementType.FLOAT), Optional.empty(), Extras.NONE);
        var result = new ValueInfo(output, Optional.empty(), Optional.empty(), Extras.NONE);
        return Graph.of(
                List.of(x),
                List.of(result),
                List.of(dropout, Node.of("Mul", "square", "y", "y")),
                Map.of("rate", Array.scalar(0.25f)),
                opset);
    }

    private static float[] gradient(String output, long opset) {
        Map<String, Array> gradients = Backward.gradients(
                graph(output, opset), Map.of("x", ONES), ONES, List.of("x"), new Run(true, 5, Device.CPU));
        return OneNode.value(gradients, "x").floats();
    }

    @Test
    void withoutLearningNothingIsDropped() {
        try (Network network = OneNode.TORCH.prepare(graph("y", 13))) {
            assertThat(network.run(Map.of("x", ONES)).get("y")).isEqualTo(ONES);
        }
    }

    /** For x of ones, y is what x was multiplied by; so the slope of y is y, and that of its square twice the square. */
    @Test
    void gradientsPassWhereValuesPassed() {
        for (long opset : List.of(7L, 13L)) {
            float[] factors = gradient("y", opset);
            float[] ofSquare = gradient("square", opset);
            int kept = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                assertThat(factors[i]).isIn(0f, 1 / 0.75f);
                assertThat(ofSquare[i]).isEqualTo(2 * factors[i] * factors[i]);
                kept += factors[i] == 0 ? 0 : 1;
            }
            assertThat(kept).isBetween(700, 800);
        }
    }

    /** The sum of x after dropout and r; of its factors nothing is kept, and the way back has the same ones. */
    @Test
    void beforeASumGradientsPassWhereValuesPassed() {
        Node sum = Node.of(FusedOperators.DROPOUT_ADD, "y", "x", "r")
                .in(FusedOperators.DOMAIN)
                .with("rate", new Attribute.Real(0.25f));
        Graph graph = Graph.of(List.of(any("x"), any("r")), List.of(any("y")), List.of(sum), Map.of(), 17)
                .withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION);
        var run = new Run(true, 5, Device.CPU);
        try (WaysBack ways = run.waysBack()) {
            Map<String, Array> gradients =
                    Backward.gradients(graph, Map.of("x", ONES, "r", ONES), ONES, List.of("x", "r"), run);
            assertThat(OneNode.value(gradients, "x")).isEqualTo(Array.of(gradient("y", 13), ELEMENTS));
            assertThat(OneNode.value(gradients, "r")).isEqualTo(ONES);
        }
    }

    private static ValueInfo any(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }
}
