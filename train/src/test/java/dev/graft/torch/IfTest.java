package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code y = condition ? (2x) · w : w[9]}, where w has two elements, so that the second branch fails if it runs. */
class IfTest {
    private static final Array X = Array.of(new float[] {3, 5}, 2);
    private static final Array W = Array.of(new float[] {10, 100}, 2);

    private static ValueInfo value(String name, ElementType type) {
        return new ValueInfo(name, Optional.of(type), Optional.empty(), Extras.NONE);
    }

    private static Block branch(String result, Map<String, Array> weights, Node... nodes) {
        return Block.of(result, List.of(), List.of(value(result, ElementType.FLOAT)), List.of(nodes), weights);
    }

    private static Graph graph(boolean condition) {
        Block product = branch("product", Map.of(), Node.of("Mul", "product", "doubled", "w"));
        Block beyond = branch("element", Map.of("nine", Array.scalar(9L)), Node.of("Gather", "element", "w", "nine"));
        Node choice = Node.of("If", "y", "condition")
                .with(condition ? "then_branch" : "else_branch", new Attribute.Body(product))
                .with(condition ? "else_branch" : "then_branch", new Attribute.Body(beyond));
        return Graph.of(
                List.of(value("x", ElementType.FLOAT)),
                List.of(value("y", ElementType.FLOAT)),
                List.of(Node.of("Add", "doubled", "x", "x"), choice),
                Map.of("condition", Array.of(new boolean[] {condition}, 1), "w", W),
                17);
    }

    @Test
    void onlyTheBranchThatIsTakenRuns() {
        for (boolean condition : List.of(true, false)) {
            try (Network network = OneNode.TORCH.prepare(graph(condition))) {
                assertThat(OneNode.value(network.run(Map.of("x", X)), "y").floats())
                        .containsExactly(60, 1000);
            }
        }
    }

    @Test
    void gradientsReachWhatTheBranchReadsFromOutside() {
        Map<String, Array> gradients =
                Backward.gradients(graph(true), Map.of("x", X), Array.of(new float[] {1, 1}, 2), List.of("x", "w"));
        assertThat(OneNode.value(gradients, "x").floats()).containsExactly(20, 200);
        assertThat(OneNode.value(gradients, "w").floats()).containsExactly(6, 10);
    }

    @Test
    void branchesThatDifferInTypeOrCountAreRefusedWhicheverIsTaken() {
        assertRefused(branches("int64 whole", "whole = Shape (x)"), "'half' is float, 'whole' is int64");
        assertRefused(branches("float a, float b", "a = Neg (x)\nb = Neg (x)"), "branches of 1 and 2 results");
        assertRefused(branches("", ""), "branches of 1 and 0 results");
    }

    private static String branches(String declared, String nodes) {
        return "<ir_version: 8, opset_import: [\"\" : 17]>\ng (float[n] x, bool c) => (y) {\n"
                + "y = If <then_branch = one () => (float half) { half = Neg (x) }, else_branch = two () => ("
                + declared
                + ") { " + nodes + " }> (c)\n}";
    }

    private static void assertRefused(String text, String complaint) {
        assertThatThrownBy(() -> OneNode.TORCH.prepare(GraphText.parse(text)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node 'y' (If)")
                .hasMessageContaining(complaint);
    }
}
