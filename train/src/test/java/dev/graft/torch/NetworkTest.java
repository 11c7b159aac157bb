package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Dimension;
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
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final double ROUNDING = 1e-6;
    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);

    private static final ValueInfo X =
            ValueInfo.of("x", ElementType.FLOAT, new Dimension.Symbol("batch"), new Dimension.Fixed(2));

    private static ValueInfo output(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    private static Graph graph(Map<String, Array> weights, Node... nodes) {
        Node last = nodes[nodes.length - 1];
        return Graph.of(List.of(X), List.of(output(last.output())), List.of(nodes), weights, 17);
    }

    private static float[] run(Graph graph, Array x) {
        try (Network network = TORCH.prepare(graph)) {
            return OneNode.value(
                            network.run(Map.of("x", x)), graph.outputs().get(0).name())
                    .floats();
        }
    }

    @Test
    void aPerceptronComputesWhatPaperAndPencilSay() {
        Graph graph = graph(
                Map.of("w", Array.of(new float[] {1, -1, 2, 1}, 2, 2), "b", Array.of(new float[] {0.5f, 0.5f}, 2)),
                Node.of("Gemm", "h", "x", "w", "b"),
                Node.of("Relu", "r", "h"),
                Node.of("MatMul", "m", "r", "w"),
                Node.of("Add", "y", "m", "b"));
        assertThat(run(graph, Array.of(new float[] {1, 2, -3, 0}, 2, 2))).containsExactly(9f, -3.5f, 7.5f, 4f);
    }

    @Test
    void operatorsThatTheModelItselfDefinesAreRunAsTheirNodes() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
                g (float[batch,2] x) => (float[batch,2] y) { y = local.Twice (x) }
                <domain: "local", opset_import: ["" : 17]>
                Twice (a) => (b) { b = Add (a, a) }
                """);
        assertThat(run(graph, Array.of(new float[] {1, 2}, 1, 2))).containsExactly(2f, 4f);
    }

    @Test
    void softmaxBeforeOpset13NormalisesAllThatFollowsTheAxis() {
        Graph old = Graph.of(
                List.of(ValueInfo.of(
                        "x",
                        ElementType.FLOAT,
                        new Dimension.Fixed(1),
                        new Dimension.Fixed(2),
                        new Dimension.Fixed(2))),
                List.of(output("y")),
                List.of(Node.of("Softmax", "y", "x")),
                Map.of(),
                11);
        float[] y = run(old, Array.of(new float[] {0, 0, 0, 0}, 1, 2, 2));
        assertThat(y).containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
    }

    @Test
    void missingOperatorsAreNamedAllAtOnceWithCountAndNodes() {
        Graph graph = graph(
                Map.of(),
                Node.of("Strange", "a", "x"),
                Node.of("Strange", "b", "a"),
                Node.of("Odd", "y", "b").in("com.example"));
        assertThatThrownBy(() -> TORCH.prepare(graph))
                .isInstanceOf(GraphException.class)
                .hasMessageContainingAll(
                        "lacks 2 operators", "Strange of opset 17 (2 times: 'a', 'b')", "com.example.Odd (once: 'y')");
    }

    @Test
    void aFailingNodeIsNamedAndTheProcessLives() {
        Graph graph = graph(Map.of("w", Array.of(new float[] {1, 2, 3}, 3, 1)), Node.of("MatMul", "product", "x", "w"));
        assertThatThrownBy(() -> run(graph, Array.of(new float[] {1, 2}, 1, 2)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node 'product' (MatMul) failed");
        assertThat(run(graph(Map.of(), Node.of("Relu", "y", "x")), Array.of(new float[] {-1, 2}, 1, 2)))
                .containsExactly(0f, 2f);
    }

    @Test
    void unfitInputsAreRefusedByName() {
        try (Network network = TORCH.prepare(graph(Map.of(), Node.of("Relu", "y", "x")))) {
            assertThatThrownBy(() -> network.run(Map.of())).hasMessageContaining("Input 'x' is missing");
            assertThatThrownBy(() -> network.run(Map.of("x", Array.of(new float[] {1}, 1, 1))))
                    .hasMessageContaining("must be float[batch,2], not float[1,1]");
            assertThatThrownBy(() -> network.run(Map.of("x", Array.of(new long[] {1, 2}, 1, 2))))
                    .hasMessageContaining("not int64[1,2]");
            assertThatThrownBy(() ->
                            network.run(Map.of("x", Array.of(new float[] {1, 2}, 1, 2), "z", Array.scalar(1f))))
                    .hasMessageContaining("no input 'z'");
        }
    }

    @Test
    void constantNodesAreConstants() {
        Node constant = Node.of("Constant", "c").with("value_float", new Attribute.Real(3));
        assertThat(run(graph(Map.of(), constant, Node.of("Add", "y", "x", "c")), Array.of(new float[] {1, 2}, 1, 2)))
                .containsExactly(4f, 5f);
    }

    @Test
    void aResultThatIsItsOperandSurvivesIt() {
        var table = new OpTable();
        table.op("Identity", 1, in -> in.tensor(0));
        table.op("Neg", 1, in -> torch.neg(in.tensor(0)));
        var runtime = new Torch(TorchSettings.defaults().withThreads(1), table, graph -> graph);
        Graph graph = graph(
                Map.of(),
                Node.of("Neg", "n", "x"),
                Node.of("Identity", "i", "n"),
                Node.of("Identity", "j", "i"),
                Node.of("Neg", "y", "j"));
        try (Network network = runtime.prepare(graph)) {
            for (int i = 0; i < 3; i++) {
                assertThat(OneNode.value(network.run(Map.of("x", Array.of(new float[] {1, 2}, 1, 2))), "y")
                                .floats())
                        .containsExactly(1f, 2f);
            }
        }
    }

    @Test
    void aBodyReadsWhatStandsAroundIt() {
        var table = new OpTable();
        table.op("Relu", 6, in -> torch.relu(in.tensor(0)));
        table.op("Add", 7, in -> torch.add(in.tensor(0), in.tensor(1)));
        table.values("If", 1, in -> in.body("then_branch").run(List.of()));
        var body = Block.of(
                "then",
                List.of(),
                List.of(output("sum")),
                List.of(Node.of("Add", "sum", "r", "w")),
                Map.of("w", Array.of(new float[] {10, 20}, 2)));
        Graph graph = graph(
                Map.of("cond", Array.of(new boolean[] {true})),
                Node.of("Relu", "r", "x"),
                Node.of("If", "y", "cond")
                        .with("then_branch", new Attribute.Body(body))
                        .with("else_branch", new Attribute.Body(body)));
        try (Network network = new Torch(TorchSettings.defaults(), table, g -> g).prepare(graph)) {
            assertThat(OneNode.value(network.run(Map.of("x", Array.of(new float[] {-1, 2}, 1, 2))), "y")
                            .floats())
                    .containsExactly(10f, 22f);
        }
    }

    @Test
    void softmaxSumsToOne() {
        float[] y = run(graph(Map.of(), Node.of("Softmax", "y", "x")), Array.of(new float[] {1, 2}, 1, 2));
        assertThat(y[0] + y[1]).isCloseTo(1f, within((float) ROUNDING));
    }
}
