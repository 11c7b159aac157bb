package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.knowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    private static final RuleAssert RULE = knowing(Attention::new);

    private static final String SCORES = """
               p = MatMul (q4, k4)
               c = Mul (p, quarter)
               s = Add (c, mask)
            """;

    private static String graph(String opset, String inputs, String scores, String context) {
        return """
                <ir_version: 8, opset_import: ["" : %s]>
                g (float[B,S,6] q, float[B,T,6] k, float[B,T,6] v%s) => (float[B,S,6] y)
                   <int64[4] split = {0,0,2,3}, int64[3] merge = {0,0,6}, float quarter = {0.25}, float four = {4},
                    float lowest = {-3.4028235e38}>
                {
                   q3 = Reshape (q, split)
                   q4 = Transpose <perm: ints = [0, 2, 1, 3]> (q3)
                   k3 = Reshape (k, split)
                   k4 = Transpose <perm: ints = [0, 2, 3, 1]> (k3)
                   v3 = Reshape (v, split)
                   v4 = Transpose <perm: ints = [0, 2, 1, 3]> (v3)
                %s
                   %s
                   t = Transpose <perm: ints = [0, 2, 1, 3]> (o)
                   y = Reshape (t, merge)
                }
                """.formatted(opset, inputs, scores, context);
    }

    private static String graph(String inputs, String scores) {
        return graph("17", inputs, scores, "a = Softmax <axis: int = -1> (s)\n   o = MatMul (a, v4)");
    }

    private static String fused(String inputs, String nodes) {
        return """
                g (float[B,S,6] q, float[B,T,6] k, float[B,T,6] v%s) => (float[B,S,6] y)
                {
                   %s
                }
                """.formatted(inputs, nodes);
    }

    private static final String MASK = ", float[B,1,1,T] mask";
    private static final String FUSED =
            fused(MASK, "y = dev.graft.Attention <heads: int = 2, scale: float = 0.25> (q, k, v, mask)");

    /** The rule's maps of attributes have no order, so nodes are compared by what they hold. */
    private static void joins(String before, String after) {
        RULE.rewrites(before, after);
    }

    @Test
    void attentionWithAnAddedMaskIsJoined() {
        joins(graph(MASK, SCORES), FUSED);
    }

    @Test
    void theScaleMayDivide() {
        joins(graph(MASK, SCORES.replace("Mul (p, quarter)", "Div (p, four)")), FUSED);
    }

    @Test
    void theScaleMayStandOnQueriesOrOnBoth() {
        String onQueries = """
                   q5 = Div (q4, four)
                   p = MatMul (q5, k4)
                   s = Add (mask, p)
                """;
        String onBoth = """
                   q5 = Mul (q4, quarter)
                   k5 = Mul (quarter, k4)
                   p = MatMul (q5, k5)
                   s = Add (p, mask)
                """;
        joins(graph(MASK, onQueries), FUSED);
        joins(graph(MASK, onBoth), FUSED.replace("0.25", "0.0625"));
    }

    @Test
    void withoutMaskAndScaleNothingIsAdded() {
        String bare = "   s = MatMul (q4, k4)\n";
        joins(graph("", bare), fused("", "y = dev.graft.Attention <heads: int = 2, scale: float = 1> (q, k, v)"));
    }

    @Test
    void twoMasksAreAddedFirst() {
        String inputs = MASK + ", float[1,2,S,T] relative";
        String two = SCORES.replace("s = Add (c, mask)", "r = Add (c, relative)\n   s = Add (r, mask)");
        joins(
                graph(inputs, two),
                fused(
                        inputs,
                        "y_mask = Add (relative, mask)\n   "
                                + "y = dev.graft.Attention <heads: int = 2, scale: float = 0.25> (q, k, v, y_mask)"));
    }

    @Test
    void theLowestNumberInTheScoresPlaceBecomesAMaskToAdd() {
        String inputs = ", bool[B,1,1,T] hidden";
        String chosen = SCORES.replace("Add (c, mask)", "Where (hidden, lowest, c)");
        joins(
                graph(inputs, chosen),
                fused(
                                inputs,
                                "y_mask = Where (hidden, lowest, y_zero)\n   "
                                        + "y = dev.graft.Attention <heads: int = 2, scale: float = 0.25> (q, k, v, y_mask)")
                        .replace("{\n", "<float lowest = {-3.4028235e38}, float y_zero = {0}>\n{\n"));
    }

    @Test
    void aMaskOfModerateNumbersInTheScoresPlaceIsLeft() {
        String chosen = SCORES.replace("Add (c, mask)", "Where (hidden, lowest, c)");
        RULE.leavesAlone(graph(", bool[B,1,1,T] hidden", chosen).replace("-3.4028235e38", "-10000"));
    }

    @Test
    void onnxsOwnAttentionIsTakenWithItsDefaultScale() {
        String before =
                graph("23", MASK, "", "o = Attention (q4, k4, v4, mask)").replace("[0, 2, 3, 1]", "[0, 2, 1, 3]");
        Node node = RULE.of(before).nodes().get(0);

        assertThat(node.inputs()).containsExactly("q", "k", "v", "mask");
        assertThat(node.real("scale", 0)).isEqualTo((float) (1 / Math.sqrt(3)));
        assertThat(node.whole("heads", 0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"is_causal: int = 1", "softcap: float = 2"})
    void onnxsOwnAttentionIsLeftWhereItDoesMore(String attribute) {
        RULE.leavesAlone(graph("23", MASK, "", "o = Attention <" + attribute + "> (q4, k4, v4, mask)")
                .replace("[0, 2, 3, 1]", "[0, 2, 1, 3]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q4", "k3", "p", "c", "s", "a", "o", "t"})
    void valuesThatOthersReadAreLeft(String value) {
        RULE.leavesAlone(graph(MASK, SCORES).replace("=> (float[B,S,6] y", "=> (float[B,S,6] y, float " + value));
    }

    @Test
    void softmaxOverAnotherAxisIsLeft() {
        RULE.leavesAlone(graph(MASK, SCORES).replace("axis: int = -1", "axis: int = 2"));
    }

    @Test
    void softmaxOverFlattenedAxesIsTheLastOnlyWhereItSaysSo() {
        String old = graph("11", MASK, SCORES, "a = Softmax <axis: int = 3> (s)\n   o = MatMul (a, v4)");
        joins(old, FUSED);
        RULE.leavesAlone(old.replace("Softmax <axis: int = 3>", "Softmax"));
    }

    @Test
    void headsThatAreNotMovedBackAreLeft() {
        RULE.leavesAlone(graph(MASK, SCORES)
                .replace("t = Transpose <perm: ints = [0, 2, 1, 3]>", "t = Transpose <perm: ints = [0, 2, 3, 1]>"));
    }

    @Test
    void keysSplitIntoOtherHeadsAreLeft() {
        RULE.leavesAlone(graph(MASK, SCORES)
                .replace("k3 = Reshape (k, split)", "k3 = Reshape (k, other)")
                .replace("<int64[4] split", "<int64[4] other = {0,0,3,2}, int64[4] split"));
    }

    @Test
    void aMaskThatWouldMakeTheScoresLargerIsLeft() {
        RULE.leavesAlone(graph(", float[N,1,1,T] mask", SCORES));
        RULE.leavesAlone(graph(", float[2,B,1,1,T] mask", SCORES));
    }

    @Test
    void aScaleAfterTheMaskIsLeft() {
        RULE.leavesAlone(graph(
                MASK,
                SCORES.replace("c = Mul (p, quarter)", "c = Add (p, mask)")
                        .replace("s = Add (c, mask)", "s = Mul (c, quarter)")));
    }

    @Test
    void vectorsOfUnknownShapeAreLeft() {
        RULE.leavesAlone(
                graph(MASK, SCORES).replace("float[B,S,6] q", "float[] q").replace("float[B,S,6] y", "float[] y"));
    }
}
