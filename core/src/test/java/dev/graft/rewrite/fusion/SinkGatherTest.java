package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.knowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkGatherTest {
    private static final RuleAssert RULE = knowing(SinkGather::new);

    private static String graph(String nodes) {
        String weights = (nodes.contains(", w") ? ", float[2,2] w = {1,2,3,4}" : "")
                + (nodes.contains(", b") ? ", float[2] b = {1,2}" : "");
        return """
                g (float[B,S,2] x, float[B,S,2] z, float[B,1,1,S] m, float[B,1,S,S] n) => (float[B,1,2] y)
                   <int64[1] i = {0}%s>
                {
                   %s
                }
                """.formatted(weights, nodes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dev.graft.Linear (%s, w, b)", "dev.graft.LayerNorm (%s, b, b)", "Tanh (%s)", "Mul (%s, b)"})
    void whatGoesByPositionsIsComputedAfterwards(String operation) {
        RULE.rewrites(
                graph("t = " + operation.formatted("x") + "\n   y = Gather <axis: int = 1> (t, i)"),
                graph("y_taken = Gather <axis: int = 1> (x, i)\n   y = " + operation.formatted("y_taken")));
    }

    @Test
    void bothTermsOfASumAreTakenFrom() {
        RULE.rewrites(
                graph("t = Add (x, z)\n   y = Gather <axis: int = 1> (t, i)"),
                graph("y_taken = Gather <axis: int = 1> (x, i)\n   y_taken_2 = Gather <axis: int = 1> (z, i)\n"
                        + "   y = Add (y_taken, y_taken_2)"));
    }

    @Test
    void attentionOfOnePositionStillReadsAll() {
        String attention = "dev.graft.Attention <heads: int = 1> (%s, x, z, m)";
        RULE.rewrites(
                graph("t = " + attention.formatted("z") + "\n   y = Gather <axis: int = 1> (t, i)"),
                graph("y_taken = Gather <axis: int = 1> (z, i)\n   y = " + attention.formatted("y_taken")));
    }

    @Test
    void anIndexWithoutAnAxisTakesItAwayLast() {
        String before = """
                <opset_import: ["": 17]>
                g (float[B,S,2] x) => (float[B,2] y)
                   <int64 i = {0}>
                {
                   t = Tanh (x)
                   y = Gather <axis: int = 1> (t, i)
                }
                """;
        Graph after = RULE.of(before);
        assertThat(after.nodes()).extracting(Node::operator).containsExactly("Tanh", "Gather", "Squeeze");
        assertThat(RULE.rewrite().apply(after).nodes())
                .extracting(Node::operator)
                .containsExactly("Gather", "Tanh", "Squeeze");
    }

    @Test
    void aMaskOfEveryPositionKeepsThemAll() {
        RULE.leavesAlone(
                graph("t = dev.graft.Attention <heads: int = 1> (z, x, z, n)\n   y = Gather <axis: int = 1> (t, i)"));
    }

    @Test
    void whatOthersReadStays() {
        RULE.leavesAlone(graph("t = Tanh (x)\n   u = Gather <axis: int = 1> (t, i)\n   v = ReduceMean <axes: ints ="
                + " [1]> (t)\n   y = Add (u, v)"));
    }

    @Test
    void whatMixesPositionsStays() {
        RULE.leavesAlone(graph("t = Softmax <axis: int = 1> (x)\n   y = Gather <axis: int = 1> (t, i)"));
        RULE.leavesAlone(graph("t = Tanh (x)\n   y = Gather <axis: int = 2> (t, i)"));
    }

    @Test
    void aClassifierOfTheFirstTokenNeedsOneRowOfTheLastBlock() throws IOException {
        Graph encoder;
        try (InputStream file =
                Objects.requireNonNull(SinkGatherTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
            encoder = Onnx.read(ByteBuffer.wrap(file.readAllBytes()), "all-minilm-l6-v2.onnx");
        }
        Graph fused = Fusion.standard().apply(new ClassifierHead(Pooling.FIRST_TOKEN, 3, 42).apply(encoder));

        Facts facts = Facts.of(fused);
        Map<Boolean, Long> linear = fused.nodes().stream()
                .filter(node -> node.operator().equals(FusedOperators.LINEAR))
                .filter(node -> facts.shape(node.output()).orElseThrow().size() == 3)
                .collect(Collectors.partitioningBy(
                        node -> facts.shape(node.output()).orElseThrow().get(1).is(1), Collectors.counting()));
        assertThat(linear)
                .as("of one position: queries, output, and both of the last block's expansion")
                .isEqualTo(Map.of(true, 4L, false, 32L));
        assertThat(fused.nodes())
                .filteredOn(node -> node.is("Gather") && node.whole("axis", 0) == 1)
                .hasSize(1);
    }
}
