package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearTest {
    private static final RuleAssert RULE = rule(new Linear());

    private static String graph(String nodes) {
        return """
                g (float[B,S,2] x) => (float[B,S,3] y)
                   <float[2,3] w = {1,2,3,4,5,6}, float[3] b = {1,2,3}>
                {
                   %s
                }
                """.formatted(nodes);
    }

    private static String gemm(String attributes, String weight) {
        return """
                g (float[B,2] x) => (float[B,3] y)
                   <float%s = {1,2,3,4,5,6}, float[3] b = {1,2,3}>
                {
                   y = %s (x, w, b)
                }
                """.formatted(weight, attributes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Add (m, b)", "Add (b, m)"})
    void productAndBiasAreJoined(String sum) {
        RULE.rewrites(graph("m = MatMul (x, w)\n   y = " + sum), graph("y = dev.graft.Linear (x, w, b)"));
    }

    @Test
    void aProductWithoutBiasIsTaken() {
        RULE.rewrites(
                graph("y = MatMul (x, w)").replace(", float[3] b = {1,2,3}", ""),
                graph("y = dev.graft.Linear (x, w)").replace(", float[3] b = {1,2,3}", ""));
    }

    @Test
    void aTransposedWeightIsReadAsItIsStored() {
        String before = graph("t = Transpose <perm: ints = [1, 0]> (w)\n   m = MatMul (x, t)\n   y = Add (m, b)");
        RULE.rewrites(
                before.replace("float[2,3] w", "float[3,2] w"),
                graph("y = dev.graft.Linear <transposed: int = 1> (x, w, b)").replace("float[2,3] w", "float[3,2] w"));
    }

    @Test
    void generalProductsAreTaken() {
        RULE.rewrites(gemm("Gemm", "[2,3] w"), gemm("dev.graft.Linear", "[2,3] w"));
        RULE.rewrites(
                gemm("Gemm <transB: int = 1, alpha: float = 1, beta: float = 1>", "[3,2] w"),
                gemm("dev.graft.Linear <transposed: int = 1>", "[3,2] w"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha: float = 2", "beta: float = 0.5", "transA: int = 1"})
    void scaledGeneralProductsAreLeft(String attribute) {
        RULE.leavesAlone(gemm("Gemm <" + attribute + ">", "[2,3] w"));
    }

    @Test
    void aProductThatOthersReadKeepsItsOwnNode() {
        RULE.rewrites(
                graph("m = MatMul (x, w)\n   y = Add (m, b)").replace("=> (", "=> (float[B,S,3] m, "),
                graph("m = dev.graft.Linear (x, w)\n   y = Add (m, b)").replace("=> (", "=> (float[B,S,3] m, "));
    }

    @Test
    void aResidualIsNoBias() {
        String inputs = "(float[B,S,2] x, float[B,S,3] r)";
        RULE.rewrites(
                graph("m = MatMul (x, w)\n   y = Add (m, r)")
                        .replace("(float[B,S,2] x)", inputs)
                        .replace(", float[3] b = {1,2,3}", ""),
                graph("m = dev.graft.Linear (x, w)\n   y = Add (m, r)")
                        .replace("(float[B,S,2] x)", inputs)
                        .replace(", float[3] b = {1,2,3}", ""));
    }

    @Test
    void aBiasOfOneNumberIsLeftOutside() {
        RULE.rewrites(
                graph("m = MatMul (x, w)\n   y = Add (m, b)").replace("float[3] b = {1,2,3}", "float[1] b = {1}"),
                graph("m = dev.graft.Linear (x, w)\n   y = Add (m, b)")
                        .replace("float[3] b = {1,2,3}", "float[1] b = {1}"));
    }

    @Test
    void productsOfTwoComputedValuesAreLeft() {
        RULE.leavesAlone("""
                g (float[B,S,2] x, float[2,3] w) => (float[B,S,3] y)
                {
                   y = MatMul (x, w)
                }
                """);
    }
}
