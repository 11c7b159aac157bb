package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.knowing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerNormTest {
    private static final RuleAssert RULE = knowing(LayerNorm::new);

    private static final String BEFORE = """
            g (float[B,S,4] x) => (float[B,S,4] y)
               <float[4] scale = {1,2,3,4}, float[4] bias = {0,0,1,1}, float two = {2}, float epsilon = {0.5}>
            {
               m = ReduceMean <axes: ints = [-1]> (x)
               d = Sub (x, m)
               p = Pow (d, two)
               v = ReduceMean <axes: ints = [-1]> (p)
               e = Add (v, epsilon)
               r = Sqrt (e)
               n = Div (d, r)
               s = Mul (n, scale)
               y = Add (s, bias)
            }
            """;
    private static final String AFTER = """
            g (float[B,S,4] x) => (float[B,S,4] y)
               <float[4] scale = {1,2,3,4}, float[4] bias = {0,0,1,1}>
            {
               y = dev.graft.LayerNorm <epsilon: float = 0.5> (x, scale, bias)
            }
            """;

    @Test
    void theNineNodesOfNormalisationBecomeOne() {
        RULE.rewrites(BEFORE, AFTER);
    }

    @Test
    void operandsStandOnEitherSide() {
        RULE.rewrites(
                BEFORE.replace("Mul (n, scale)", "Mul (scale, n)")
                        .replace("Add (s, bias)", "Add (bias, s)")
                        .replace("Add (v, epsilon)", "Add (epsilon, v)"),
                AFTER);
    }

    @Test
    void theSquareMayBeAProduct() {
        RULE.rewrites(BEFORE.replace("Pow (d, two)", "Mul (d, d)"), AFTER);
    }

    @Test
    void theLastAxisMayBeCountedFromTheFirst() {
        RULE.rewrites(BEFORE.replace("axes: ints = [-1]", "axes: ints = [2]"), AFTER);
    }

    @Test
    void axesMayBeAnOperand() {
        RULE.rewrites(
                """
                <ir_version: 8, opset_import: ["" : 18]>
                """
                        + BEFORE.replace("<axes: ints = [-1]> (x)", "(x, last)")
                                .replace("<axes: ints = [-1]> (p)", "(p, last)")
                                .replace("float two", "int64[1] last = {-1}, float two"),
                AFTER);
    }

    @Test
    void theBiasMayBeMissing() {
        RULE.rewrites(
                BEFORE.replace("s = Mul (n, scale)\n   y = Add (s, bias)", "y = Mul (n, scale)"),
                AFTER.replace("(x, scale, bias)", "(x, scale)").replace(", float[4] bias = {0,0,1,1}", ""));
    }

    @Test
    void scaleAndBiasMayBeMissing() {
        RULE.rewrites(
                BEFORE.replace("n = Div (d, r)\n   s = Mul (n, scale)\n   y = Add (s, bias)", "y = Div (d, r)"),
                AFTER.replace("(x, scale, bias)", "(x)")
                        .replace("<float[4] scale = {1,2,3,4}, float[4] bias = {0,0,1,1}>", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pow (d, epsilon)", "Pow (x, two)", "Mul (d, x)"})
    void whatIsNotTheSquareOfTheDeviationIsLeft(String square) {
        RULE.leavesAlone(BEFORE.replace("Pow (d, two)", square));
    }

    @Test
    void otherAxesAreLeft() {
        RULE.leavesAlone(BEFORE.replace("axes: ints = [-1]", "axes: ints = [1]"));
    }

    @Test
    void aMeanThatDropsItsAxisIsLeft() {
        RULE.leavesAlone(BEFORE.replace("axes: ints = [-1]> (p)", "axes: ints = [-1], keepdims: int = 0> (p)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "d", "p", "v", "r"})
    void valuesThatOthersReadAreLeft(String value) {
        RULE.leavesAlone(BEFORE.replace("=> (float[B,S,4] y)", "=> (float[B,S,4] y, float[B,S,4] " + value + ")"));
    }

    @Test
    void scaleAndBiasStayOutsideWhereOthersReadTheNormalisedValues() {
        RULE.rewrites(
                BEFORE.replace("=> (float[B,S,4] y)", "=> (float[B,S,4] y, float[B,S,4] n)"),
                AFTER.replace("=> (float[B,S,4] y)", "=> (float[B,S,4] y, float[B,S,4] n)")
                        .replace(
                                "y = dev.graft.LayerNorm <epsilon: float = 0.5> (x, scale, bias)",
                                "n = dev.graft.LayerNorm <epsilon: float = 0.5> (x)\n   s = Mul (n, scale)\n   y = Add (s, bias)"));
    }

    @Test
    void theMeanOfAnotherValueIsLeft() {
        RULE.leavesAlone(BEFORE.replace("(float[B,S,4] x)", "(float[B,S,4] x, float[B,S,4] z)")
                .replace("ReduceMean <axes: ints = [-1]> (x)", "ReduceMean <axes: ints = [-1]> (z)"));
    }

    @Test
    void aScaleOfOneNumberIsLeft() {
        RULE.leavesAlone(BEFORE.replace("float[4] scale = {1,2,3,4}", "float[1] scale = {2}")
                .replace("float[4] bias = {0,0,1,1}", "float[1] bias = {1}"));
    }

    @Test
    void onnxsOwnNormalisationOverTheLastAxisIsTaken() {
        RULE.rewrites("""
                g (float[B,S,4] x) => (float[B,S,4] y)
                   <float[4] scale = {1,2,3,4}, float[4] bias = {0,0,1,1}>
                {
                   y = LayerNormalization <axis: int = 2, epsilon: float = 0.5, stash_type: int = 1> (x, scale, bias)
                }
                """, AFTER);
    }

    @Test
    void onnxsOwnNormalisationOverMoreAxesIsLeft() {
        RULE.leavesAlone("""
                g (float[B,S,4] x, float[S,4] scale) => (float[B,S,4] y)
                {
                   y = LayerNormalization <axis: int = 1, epsilon: float = 0.5> (x, scale)
                }
                """);
    }
}
