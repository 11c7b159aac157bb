package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequenceTest {
    private static final double TOLERANCE = 1e-7;
    private static final Array X = Array.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);

    private static Graph graph(String nodes) {
        return GraphText.parse(
                "<ir_version: 8, opset_import: [\"\" : 18]>\ng (double[n, k] x) => (double y) {\n" + nodes + "\n}");
    }

    private static Array run(String nodes) {
        try (Network network = OneNode.TORCH.prepare(graph(nodes))) {
            return OneNode.value(network.run(Map.of("x", X)), "y");
        }
    }

    private static void assertRefused(String nodes, String complaint) {
        assertThatThrownBy(() -> run(nodes)).isInstanceOf(GraphException.class).hasMessageContaining(complaint);
    }

    private static final String ROWS = "s = SplitToSequence <keepdims = 0> (x)\n";
    private static final String FIRST = "zero = Constant <value_int = 0> ()\n";
    private static final String LAST = "last = Constant <value_int = -1> ()\n";

    @Test
    void elementsAreTakenFromEitherEnd() {
        assertThat(Doubles.values(run(ROWS + FIRST + "y = SequenceAt (s, zero)")))
                .containsExactly(1, 2);
        assertThat(Doubles.values(run(ROWS + LAST + "y = SequenceAt (s, last)")))
                .containsExactly(5, 6);
    }

    @Test
    void elementsAreInsertedErasedAndJoined() {
        String grown = ROWS + FIRST + LAST + """
                a = SequenceAt (s, last)
                t = SequenceInsert (s, a, zero)
                u = SequenceErase (t)
                v = SequenceErase (u, last)
                """;
        assertThat(Doubles.values(run(grown + "y = ConcatFromSequence <axis = 0> (v)")))
                .containsExactly(5, 6, 1, 2);
        Array stacked = run(grown + "y = ConcatFromSequence <axis = -1, new_axis = 1> (v)");
        assertThat(stacked.shape()).containsExactly(2, 2);
        assertThat(Doubles.values(stacked)).containsExactly(5, 1, 6, 2);
        assertThat(run(grown + "y = SequenceLength (t)").longs()).containsExactly(4);
        assertThat(run(grown + "y = SequenceLength (t)").shape()).isEmpty();
    }

    @Test
    void splitsTakeOneSizeForAllOrOneEach() {
        String two = "two = Constant <value_int = 2> ()\ns = SplitToSequence (x, two)\n";
        assertThat(run(two + "y = SequenceLength (s)").longs()).containsExactly(2);
        assertThat(run(two + LAST + "y = SequenceAt (s, last)").shape()).containsExactly(1, 2);
        String each = "sizes = Constant <value_ints = [1, 1]> ()\ns = SplitToSequence <axis = -1> (x, sizes)\n";
        assertThat(Doubles.values(run(each + LAST + "y = SequenceAt (s, last)")))
                .containsExactly(2, 4, 6);
        assertThat(run(ROWS.replace("keepdims = 0", "keepdims = 1") + LAST + "y = SequenceAt (s, last)")
                        .shape())
                .containsExactly(1, 2);
    }

    @Test
    void aLoopFillsASequence() {
        String filled = """
                three = Constant <value_int = 3> ()
                empty = SequenceEmpty <dtype = 11> ()
                s = Loop <body = step (int64 i, bool before, a) => (bool after, b) {
                    after = Identity (before)
                    row = Gather (x, i)
                    double = Add (row, row)
                    b = SequenceInsert (a, double)
                }> (three, , empty)
                y = ConcatFromSequence <axis = 0, new_axis = 1> (s)
                """;
        assertThat(Doubles.values(run(filled))).containsExactly(2, 4, 6, 8, 10, 12);
        GradientCheck.assertAgrees(graph(filled), Map.of("x", X), TOLERANCE);
    }

    @Test
    void aMapRunsItsBodyForEachElement() {
        String mapped = ROWS + """
                t, u = SequenceMap <body = each (double[k] a, double[n, k] b, double[k] c)
                        => (double[k] d, int64[r] e) {
                    d = Mul (a, c)
                    e = Shape (b)
                }> (s, x, s)
                """;
        assertThat(Doubles.values(run(mapped + "y = ConcatFromSequence <axis = 0> (t)")))
                .containsExactly(1, 4, 9, 16, 25, 36);
        assertThat(run(mapped + "y = ConcatFromSequence <axis = 0> (u)").longs())
                .containsExactly(3, 2, 3, 2, 3, 2);
        GradientCheck.assertAgrees(graph(mapped + "y = ConcatFromSequence <axis = 0> (t)"), Map.of("x", X), TOLERANCE);
    }

    @Test
    void optionalValuesAreThereOrNot() {
        String there = "o = Optional (x)\n";
        String absent = "o = Optional ()\n";
        assertThat(run(there + "y = OptionalHasElement (o)").longs()).containsExactly(1);
        assertThat(run(there + "y = OptionalGetElement (o)")).isEqualTo(X);
        assertThat(run("y = OptionalHasElement ()").longs()).containsExactly(0);
        assertThat(run(absent + "y = OptionalHasElement (o)").longs()).containsExactly(0);
        assertRefused(absent + "y = OptionalGetElement (o)", "not there");
        GradientCheck.assertAgrees(graph(there + "y = OptionalGetElement (o)"), Map.of("x", X), TOLERANCE);
    }

    @Test
    void gradientsFlowThroughSequences() {
        String nodes = ROWS + FIRST + LAST + """
                a = SequenceAt (s, zero)
                b = SequenceAt (s, last)
                p = Mul (a, b)
                t = SequenceConstruct (p, a)
                u = SequenceInsert (t, b, zero)
                v = SequenceErase (u, last)
                y = ConcatFromSequence <axis = 0> (v)
                """;
        GradientCheck.assertAgrees(graph(nodes), Map.of("x", X), TOLERANCE);
    }

    @Test
    void placesOutsideASequenceAreRefused() {
        assertRefused(ROWS + "p = Constant <value_int = 3> ()\ny = SequenceAt (s, p)", "position 3");
        assertRefused(ROWS + "p = Constant <value_int = -4> ()\ny = SequenceAt (s, p)", "position -4");
        assertRefused(
                ROWS + "p = Constant <value_ints = []> ()\ny = SequenceAt (s, p)",
                "needs one number as operand 1, not 0");
        assertRefused(
                ROWS + "p = Constant <value_int = 4> ()\nt = SequenceInsert (s, x, p)\ny = SequenceLength (t)",
                "inserts at 4");
        assertRefused("s = SequenceEmpty ()\nt = SequenceErase (s)\ny = SequenceLength (t)", "empty sequence");
        assertRefused("s = SequenceEmpty ()\ny = ConcatFromSequence <axis = 0> (s)", "empty sequence");
        assertRefused("y = SequenceLength (x)", "needs a sequence as operand 0, not a tensor");
        assertRefused("n = Shape (x)\ns = SequenceConstruct (x, n)\ny = SequenceLength (s)", "double and int64");
        assertRefused("p = Constant <value_int = 0> ()\ns = SplitToSequence (x, p)\ny = SequenceLength (s)", "size 0");
        assertRefused(
                "p = Constant <value_ints = [1, 1]> ()\ns = SplitToSequence (x, p)\ny = SequenceLength (s)", "failed");
    }

    @Test
    void sessionsGiveArraysOnly() {
        assertRefused("y = SequenceConstruct (x)", "Output 'y' is a sequence of 1 arrays");
    }

    @Test
    void aSequenceOfThousandsIsHandedOnCheaply() {
        String filled = """
                many = Constant <value_int = 3000> ()
                empty = SequenceEmpty <dtype = 11> ()
                s = Loop <body = step (int64 i, bool before, a) => (bool after, b) {
                    after = Identity (before)
                    b = SequenceInsert (a, x)
                }> (many, , empty)
                y = SequenceLength (s)
                """;
        assertThat(run(filled).longs()).containsExactly(3000);
    }
}
