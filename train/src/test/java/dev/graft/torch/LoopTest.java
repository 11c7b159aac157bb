package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final double TOLERANCE = 1e-7;
    private static final Array ONE_TWO = Array.of(new double[] {1, 2}, 2);

    /** {@code x ← x · w} as often as said, each product gathered. */
    private static Graph powers(String loop) {
        return graph(
                "int64 n, bool go, double[k] x, double[k] w", "double[k] last, double[m, k] all", """
                last, all = Loop <body = step (int64 i, bool before, double[k] a) => (bool after, double[k] b, double[k] c) {
                    after = Identity (before)
                    b = Mul (a, w)
                    c = Identity (b)
                }> (%s, x)
                """.formatted(loop));
    }

    private static Graph graph(String inputs, String outputs, String nodes) {
        return GraphText.parse("<ir_version: 8, opset_import: [\"\" : 17]>\ng (" + inputs + ") => (" + outputs + ") {\n"
                + nodes + "\n}");
    }

    private static Map<String, Array> given(long n, boolean go) {
        return Map.of(
                "n", Array.scalar(n),
                "go", Array.of(new boolean[] {go}),
                "x", ONE_TWO,
                "w", Array.of(new double[] {2, 3}, 2));
    }

    private static Map<String, Array> run(Graph graph, Map<String, Array> inputs) {
        try (Network network = OneNode.TORCH.prepare(graph)) {
            return network.run(inputs);
        }
    }

    @Test
    void carriesAValueAndGathersAnotherAsOftenAsTheTripCountSays() {
        for (String form : List.of("n, go", "n, ")) {
            Map<String, Array> outputs = run(powers(form), given(3, true));
            assertThat(Doubles.values(OneNode.value(outputs, "last"))).containsExactly(8, 54);
            assertThat(OneNode.value(outputs, "all").shape()).containsExactly(3, 2);
            assertThat(Doubles.values(OneNode.value(outputs, "all"))).containsExactly(2, 6, 4, 18, 8, 54);
        }
    }

    @Test
    void noRoundGivesTheFirstValueAndNothingGathered() {
        for (Map<String, Array> inputs : List.of(given(0, true), given(3, false), given(-1, true))) {
            Map<String, Array> outputs = run(powers("n, go"), inputs);
            assertThat(OneNode.value(outputs, "last")).isEqualTo(ONE_TWO);
            assertThat(OneNode.value(outputs, "all").shape()).containsExactly(0, 0);
        }
    }

    @Test
    void theConditionEndsItWithoutATripCount() {
        Graph graph = graph("float x", "float y, int64[m] rounds", """
                y, rounds = Loop <body = step (int64 i, bool before, float a) => (bool after, float b, int64 round) {
                    b = Add (a, a)
                    limit = Constant <value = float {100}> ()
                    after = Less (b, limit)
                    round = Identity (i)
                }> (, , x)
                """);
        Map<String, Array> outputs = run(graph, Map.of("x", Array.scalar(3f)));
        assertThat(OneNode.value(outputs, "y").floats()).containsExactly(192);
        assertThat(OneNode.value(outputs, "rounds").longs()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void gradientsFlowThroughTheRoundsIntoWhatTheBodyReadsFromOutside() {
        Graph graph = powers("n, go");
        var last = graph.withOutputs(graph.outputs().subList(0, 1));
        GradientCheck.assertAgrees(last, given(3, true), TOLERANCE);
        var all = graph.withOutputs(graph.outputs().subList(1, 2));
        GradientCheck.assertAgrees(all, given(3, true), TOLERANCE);
    }

    @Test
    void loopsNest() {
        Graph graph = graph("int64 n, float x", "float y", """
                go = Constant <value = bool {1}> ()
                y = Loop <body = outer (int64 i, bool before, float a) => (bool after, float b) {
                    after = Identity (before)
                    b = Loop <body = inner (int64 j, bool innerBefore, float c) => (bool innerAfter, float d) {
                        innerAfter = Identity (innerBefore)
                        d = Add (c, x)
                    }> (n, before, a)
                }> (n, go, x)
                """);
        Map<String, Array> outputs = run(graph, Map.of("n", Array.scalar(3L), "x", Array.scalar(1f)));
        assertThat(OneNode.value(outputs, "y").floats()).containsExactly(10);
    }

    private static final String ENDLESS = """
            y = Loop <body = step (int64 i, bool before, float a) => (bool after, float b) {
                after = Identity (before)
                b = Identity (a)
            }> (, , x)
            """;

    @Test
    void aLoopThatDoesNotEndIsStopped() {
        Graph graph = graph("float x", "float y", ENDLESS);
        Program program = Program.of(graph.main(), Binding.of(graph, Operators.standard()));
        try (PointerScope scope = new PointerScope();
                Weights weights = new Weights(program, Device.CPU);
                Frame frame = new Frame(program, weights, new Run(false, 0, Device.CPU, 1000))) {
            frame.lend("x", new Content.Single(Array.scalar(1f)).on(Device.CPU));
            assertThatThrownBy(frame::execute)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("(Loop)")
                    .hasMessageContaining("1000 rounds");
        }
    }

    /** Each round carries 4 MB on: 4 GB in all, if a round's values lived until the loop ends. */
    @Test
    void aRoundsValuesAreFreedWithTheRound() {
        Graph graph = graph("int64 n, float[k] x", "float[k] y", """
                y = Loop <body = step (int64 i, bool before, float[k] a) => (bool after, float[k] b) {
                    after = Identity (before)
                    b = Neg (a)
                }> (n, , x)
                """);
        long before = Pointer.physicalBytes();
        run(graph, Map.of("n", Array.scalar(1000L), "x", Array.of(new float[1 << 20], 1 << 20)));
        assertThat(Pointer.physicalBytes() - before).isLessThan(1L << 30);
    }

    @Test
    void anInterruptedThreadStopsALoop() {
        Graph graph = graph("float x", "float y", ENDLESS);
        try (Network network = OneNode.TORCH.prepare(graph)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> network.run(Map.of("x", Array.scalar(1f))))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void bodiesThatDoNotFitAreRefusedByName() {
        Graph takesTooMany = graph("int64 n, float x", "float y", """
                y = Loop <body = step (int64 i, bool before, float a, float more) => (bool after, float b) {
                    after = Identity (before)
                    b = Add (a, more)
                }> (n, , x)
                """);
        assertThatThrownBy(() -> run(takesTooMany, Map.of("n", Array.scalar(2L), "x", Array.scalar(1f))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("(Loop)")
                .hasMessageContaining("takes 4 values, but is given 3");
        Graph givesTooFew = graph("int64 n, float x", "float y", """
                y = Loop <body = step (int64 i, bool before, float a) => (bool after) {
                    after = Identity (before)
                }> (n, , x)
                """);
        assertThatThrownBy(() -> run(givesTooFew, Map.of("n", Array.scalar(2L), "x", Array.scalar(1f))))
                .hasMessageContaining("carries 1 values, but its body has only 1 results");
        Graph growing = graph("int64 n, float[k] x", "float[k] y, float[m, k] all", """
                y, all = Loop <body = step (int64 i, bool before, float[k] a) => (bool after, float[k] b, float[k] c) {
                    after = Identity (before)
                    b = Concat <axis = 0> (a, a)
                    c = Identity (b)
                }> (n, , x)
                """);
        assertThatThrownBy(() -> run(growing, Map.of("n", Array.scalar(2L), "x", Array.of(new float[1], 1))))
                .hasMessageContaining("gathers 'c' of shape [2], then of [4]");
    }
}
