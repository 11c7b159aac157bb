package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.knowing;
import static dev.graft.rewrite.fusion.RuleAssert.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import org.junit.jupiter.api.Test;

/** What makes graphs of different exporters alike. */
class PreparationTest {
    @Test
    void equalConstantsBecomeOneWeight() {
        new RuleAssert(new Constants()).rewrites("""
                        g (float[N] x) => (float[N] y)
                        {
                           a = Constant <value: tensor = float {2}> ()
                           b = Constant <value_float: float = 2> ()
                           p = Pow (x, a)
                           y = Pow (p, b)
                        }
                        """, """
                        g (float[N] x) => (float[N] y)
                           <float a = {2}>
                        {
                           p = Pow (x, a)
                           y = Pow (p, a)
                        }
                        """);
    }

    @Test
    void equalWeightsThatCouldBeTrainedStayApart() {
        new RuleAssert(new Constants()).leavesAlone("""
                        g (float[N,2] x) => (float[N,2] y)
                           <float[2] a = {0,0}, float[2] b = {0,0}>
                        {
                           p = Add (x, a)
                           y = Add (p, b)
                        }
                        """);
    }

    @Test
    void copiesAreReadThrough() {
        new RuleAssert(new Aliases()).rewrites("""
                        g (float[N,2] x, bool[N,2] c) => (float[N,2] y)
                           <float[2,2] w = {1,2,3,4}>
                        {
                           w2 = Identity (w)
                           w3 = Identity (w2)
                           p = MatMul (x, w3)
                           b = Cast <to: int = 9> (c)
                           y = Where (b, p, x)
                        }
                        """, """
                        g (float[N,2] x, bool[N,2] c) => (float[N,2] y)
                           <float[2,2] w = {1,2,3,4}>
                        {
                           p = MatMul (x, w)
                           y = Where (c, p, x)
                        }
                        """);
    }

    @Test
    void aCastThatChangesTheTypeStays() {
        new RuleAssert(new Aliases()).leavesAlone("""
                        g (int64[N] x) => (float[N] y)
                        {
                           f = Cast <to: int = 1> (x)
                           y = Neg (f)
                        }
                        """);
    }

    @Test
    void whatIsComputedTwiceIsComputedOnce() {
        new RuleAssert(new CommonNodes()).rewrites("""
                        g (float[N] x) => (float[N] y)
                        {
                           a = Neg (x)
                           b = Neg (x)
                           c = Exp (a)
                           d = Exp (b)
                           y = Add (c, d)
                        }
                        """, """
                        g (float[N] x) => (float[N] y)
                        {
                           a = Neg (x)
                           c = Exp (a)
                           y = Add (c, c)
                        }
                        """);
    }

    @Test
    void twoDropoutsOfOneValueStayTwo() {
        new RuleAssert(new CommonNodes()).leavesAlone("""
                        g (float[N] x) => (float[N] y)
                        {
                           a = Dropout (x)
                           b = Dropout (x)
                           y = Add (a, b)
                        }
                        """);
    }

    @Test
    void nodesThatDifferInAnAttributeStayTwo() {
        new RuleAssert(new CommonNodes()).leavesAlone("""
                        g (float[N,N] x) => (float[N,N] y)
                        {
                           a = Softmax <axis: int = 0> (x)
                           b = Softmax <axis: int = 1> (x)
                           y = Add (a, b)
                        }
                        """);
    }

    @Test
    void aScaleThatFollowsFromAShapeIsFolded() {
        Graph folded = new RuleAssert(new FoldConstants()).of("""
                        g (float[B,H,S,6] q) => (float[B,H,S,6] y)
                           <int64[1] from = {-1}, int64[1] to = {9223372036854775807}, float one = {1}>
                        {
                           shape = Shape (q)
                           last = Slice (shape, from, to)
                           real = Cast <to: int = 1> (last)
                           root = Sqrt (real)
                           scale = Div (one, root)
                           half = Sqrt (scale)
                           y = Mul (q, half)
                        }
                        """);

        assertThat(folded.nodes()).extracting(Node::operator).containsExactly("Mul");
        assertThat(folded.weights())
                .containsExactly(java.util.Map.entry(
                        "half", Array.of(new float[] {(float) Math.sqrt(1 / Math.sqrt(6))}, 1)));
    }

    @Test
    void aSizeThatTheInputDecidesIsNotFolded() {
        new RuleAssert(new FoldConstants()).leavesAlone("""
                        g (float[B,6] x) => (float y)
                           <int64 first = {0}>
                        {
                           shape = Shape (x)
                           size = Gather (shape, first)
                           y = Cast <to: int = 1> (size)
                        }
                        """);
    }

    @Test
    void aSizeIsComputedOnceFromWhateverHasIt() {
        new RuleAssert(new SameContent()).rewrites("""
                        g (int64[B,S] ids, float[B,S,4] x, int64[B] other) => (int64 y)
                           <int64 i = {1}, int64 j = {-2}>
                        {
                           a = Shape (ids)
                           b = Gather (a, i)
                           c = Shape (x)
                           d = Gather (c, j)
                           e = Shape (other)
                           f = Mul (b, d)
                           y = Mul (f, e)
                        }
                        """, """
                        g (int64[B,S] ids, float[B,S,4] x, int64[B] other) => (int64 y)
                           <int64 i = {1}>
                        {
                           a = Shape (ids)
                           b = Gather (a, i)
                           e = Shape (other)
                           f = Mul (b, b)
                           y = Mul (f, e)
                        }
                        """);
    }

    @Test
    void theBranchThatIsTakenReplacesItsIf() {
        rule(new InlineIf()).rewrites("""
                        g (float[N] x) => (float[N] y)
                           <bool never = {0}>
                        {
                           z = If (never) <then_branch: graph = a () => (float[N] t) {
                              t = Neg (x)
                           }, else_branch: graph = b () => (float[N] e)
                              <float two = {2}>
                           {
                              d = Mul (x, two)
                              e = Exp (d)
                           }>
                           y = Abs (z)
                        }
                        """, """
                        g (float[N] x) => (float[N] y)
                           <float "z/two" = {2}>
                        {
                           "z/d" = Mul (x, "z/two")
                           "z/e" = Exp ("z/d")
                           z = Identity ("z/e")
                           y = Abs (z)
                        }
                        """);
    }

    @Test
    void anIfThatTheInputDecidesStays() {
        rule(new InlineIf()).leavesAlone("""
                        g (float[N] x, bool c) => (float[N] y)
                        {
                           y = If (c) <then_branch: graph = a () => (float[N] t) {
                              t = Neg (x)
                           }, else_branch: graph = b () => (float[N] e) {
                              e = Exp (x)
                           }>
                        }
                        """);
    }

    @Test
    void aComputedTargetBecomesAConstant() {
        knowing(ReshapeTarget::new).rewrites("""
                        g (float[B,S,6] x) => (float[B,S,2,3] y)
                           <int64[1] from = {0}, int64[1] to = {1}, int64[3] rest = {-1,2,3}>
                        {
                           shape = Shape (x)
                           batch = Slice (shape, from, to)
                           target = Concat <axis: int = 0> (batch, rest)
                           y = Reshape (x, target)
                        }
                        """, """
                        g (float[B,S,6] x) => (float[B,S,2,3] y)
                           <int64[4] y_shape = {0,0,2,3}>
                        {
                           y = Reshape (x, y_shape)
                        }
                        """);
    }

    @Test
    void twoTranspositionsBecomeOne() {
        rule(new Transposes()).rewrites("""
                        g (float[A,B,C,D] x) => (float[A,C,D,B] y)
                        {
                           t = Transpose <perm: ints = [0, 2, 1, 3]> (x)
                           y = Transpose <perm: ints = [0, 1, 3, 2]> (t)
                        }
                        """, """
                        g (float[A,B,C,D] x) => (float[A,C,D,B] y)
                        {
                           y = Transpose <perm: ints = [0, 2, 3, 1]> (x)
                        }
                        """);
    }

    @Test
    void matricesAreTransposedWithoutFlatteningTheirStack() {
        String before = """
                g (float[B,2,S,3] k) => (float[B,2,3,S] y)
                   <int64[1] i1 = {-1}, int64[1] two = {2}, int64[1] three = {3}, int64[1] four = {4}, int64[1] zero = {0}>
                {
                   shape = Shape (k)
                   s = Slice (shape, two, three)
                   d = Slice (shape, three, four)
                   bh = Slice (shape, zero, two)
                   flat = Concat <axis: int = 0> (i1, s, d)
                   full = Concat <axis: int = 0> (bh, d, s)
                   m = Reshape (k, flat)
                   t = Transpose <perm: ints = [0, 2, 1]> (m)
                   y = Reshape (t, full)
                }
                """;
        knowing(SwappedAxes::new).rewrites(before, """
                        g (float[B,2,S,3] k) => (float[B,2,3,S] y)
                        {
                           y = Transpose <perm: ints = [0, 1, 3, 2]> (k)
                        }
                        """);
        knowing(SwappedAxes::new).leavesAlone(before.replace("(bh, d, s)", "(bh, s, d)"));
    }

    @Test
    void expansionsSinkBelowWhatIsComputedByElement() {
        knowing(SinkExpand::new).rewrites("""
                        g (float[B,1,1,S] m, int64[4] s) => (float[B,1,S,S] y)
                           <float one = {1}>
                        {
                           e = Expand (m, s)
                           y = Sub (one, e)
                        }
                        """, """
                        g (float[B,1,1,S] m, int64[4] s) => (float[B,1,S,S] y)
                           <float one = {1}>
                        {
                           y_narrow = Sub (one, m)
                           y = Expand (y_narrow, s)
                        }
                        """);
    }

    @Test
    void expansionsToDifferentShapesDoNotSinkTogether() {
        knowing(SinkExpand::new).leavesAlone("""
                        g (float[B,1] m, float[1,S] n, int64[2] s, int64[2] t) => (float[B,S] y)
                        {
                           e = Expand (m, s)
                           f = Expand (n, t)
                           y = Sub (e, f)
                        }
                        """);
    }

    @Test
    void anExpansionThatBroadcastingDoesAnywayIsLeftOut() {
        String before = """
                g (float[B,2,S,S] x, float[B,1,1,S] m) => (float[B,2,S,S] y)
                {
                   s = Shape (x)
                   e = Expand (m, s)
                   y = Add (x, e)
                }
                """;
        knowing(BroadcastOperand::new).rewrites(before, """
                        g (float[B,2,S,S] x, float[B,1,1,S] m) => (float[B,2,S,S] y)
                        {
                           y = Add (x, m)
                        }
                        """);
        knowing(BroadcastOperand::new).leavesAlone(before.replace("Add (x, e)", "Add (m, e)"));
    }
}
