package dev.graft.torch;

import static dev.graft.torch.Trainability.Verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainabilityTest {
    private static final Array PAIR = Array.of(new float[] {1, 2}, 2);

    /** A graph over the input x and weights of two numbers each, with the output y. */
    private static Trainability of(List<Node> nodes, String... weights) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        for (String weight : weights) {
            arrays.put(weight, PAIR);
        }
        return of(nodes, arrays);
    }

    private static Trainability of(List<Node> nodes, Map<String, Array> weights) {
        return Trainability.of(Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT)),
                List.of(ValueInfo.of("y", ElementType.FLOAT)),
                nodes,
                weights,
                17));
    }

    private static Trainability.Group only(Trainability found, Verdict verdict) {
        assertThat(found.groups())
                .filteredOn(group -> group.verdict() == verdict)
                .hasSize(1);
        return found.groups().stream()
                .filter(group -> group.verdict() == verdict)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWeightBehindAStepCannotBeTrained() {
        Trainability found = of(
                List.of(Node.of("Mul", "a", "x", "w"), Node.of("Round", "b", "a"), Node.of("Add", "y", "b", "v")),
                "w",
                "v");
        assertThat(only(found, Verdict.TRAINABLE).weights()).containsExactly("v");
        assertThat(only(found, Verdict.NO_GRADIENT).weights()).containsExactly("w");
        assertThat(only(found, Verdict.NO_GRADIENT).operators()).containsExactly("Round");
        assertThat(found.missing()).isEmpty();
    }

    @Test
    void oneWayThatIsOpenIsEnough() {
        Trainability found = of(
                List.of(Node.of("Mul", "a", "x", "w"), Node.of("Floor", "b", "a"), Node.of("Add", "y", "b", "a")), "w");
        assertThat(only(found, Verdict.TRAINABLE).weights()).containsExactly("w");
    }

    @Test
    void anOperatorThatIsMissingIsNamedAndTheRestIsToldApart() {
        Trainability found = of(
                List.of(
                        Node.of("Mul", "a", "x", "w"),
                        Node.of("Thing", "b", "a").in("my.own"),
                        Node.of("Add", "y", "b", "v")),
                "w",
                "v");
        assertThat(found.missing()).containsOnlyKeys("my.own.Thing");
        assertThat(only(found, Verdict.MISSING_OPERATOR).operators()).containsExactly("my.own.Thing");
        assertThat(only(found, Verdict.MISSING_OPERATOR).weights()).containsExactly("w");
        assertThat(only(found, Verdict.TRAINABLE).weights()).containsExactly("v");
    }

    @Test
    void wholeNumbersAndSingleNumbersAreNotTrained() {
        Trainability found = of(
                List.of(Node.of("Reshape", "a", "x", "shape"), Node.of("Mul", "y", "a", "factor")),
                Map.of("shape", Array.of(new long[] {2, 1}, 2), "factor", Array.scalar(2f)));
        assertThat(only(found, Verdict.WHOLE_NUMBERS).operators()).containsExactly("Reshape");
        assertThat(only(found, Verdict.SINGLE_NUMBER).weights()).containsExactly("factor");
    }

    @Test
    void whatNoOutputReadsIsToldApart() {
        Trainability found = of(List.of(Node.of("Mul", "a", "x", "w"), Node.of("Neg", "y", "x")), "w");
        assertThat(only(found, Verdict.UNREAD).weights()).containsExactly("w");
    }

    @Test
    void aGradientFindsItsWayIntoBodies() {
        Trainability found = Trainability.of(GraphText.parse("""
                g (bool c, float[2] x) => (float[2] y)
                <float[2] w = {1, 2}> {
                  y = If (c) <
                    then_branch = a () => (p) { p = Mul (x, w) },
                    else_branch = b () => (q) { q = Neg (x) }
                  >
                }
                """));
        assertThat(only(found, Verdict.TRAINABLE).weights()).containsExactly("w");
    }
}
