package dev.graft.rewrite.fusion;

import static dev.graft.rewrite.fusion.RuleAssert.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeluTest {
    private static final RuleAssert RULE = rule(new Gelu());

    private static final String EXACT = """
            g (float[B,4] x) => (float[B,4] y)
               <float root = {1.4142135}, float one = {1}, float half = {0.5}>
            {
               d = Div (x, root)
               e = Erf (d)
               a = Add (e, one)
               p = Mul (x, a)
               y = Mul (p, half)
            }
            """;
    private static final String TANH = """
            g (float[B,4] x) => (float[B,4] y)
               <float three = {3}, float cubic = {0.044715}, float root = {0.7978846}, float one = {1}, float half = {0.5}>
            {
               h = Mul (x, half)
               c = Pow (x, three)
               k = Mul (c, cubic)
               s = Add (x, k)
               r = Mul (s, root)
               t = Tanh (r)
               a = Add (t, one)
               y = Mul (h, a)
            }
            """;

    private static String fused(String approximate) {
        return """
                g (float[B,4] x) => (float[B,4] y)
                {
                   y = dev.graft.Gelu <approximate: string = "%s"> (x)
                }
                """.formatted(approximate);
    }

    @Test
    void theErrorFunctionsFormIsJoined() {
        RULE.rewrites(EXACT, fused("none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p = Mul (half, a)\n   y = Mul (x, p)",
                "p = Mul (x, half)\n   y = Mul (a, p)",
                "p = Mul (a, x)\n   y = Mul (half, p)"
            })
    void theThreeFactorsStandInAnyOrder(String product) {
        RULE.rewrites(EXACT.replace("p = Mul (x, a)\n   y = Mul (p, half)", product), fused("none"));
    }

    @Test
    void theArgumentMayBeAProduct() {
        RULE.rewrites(
                EXACT.replace("Div (x, root)", "Mul (x, root)").replace("1.4142135", "0.70710677"), fused("none"));
    }

    @Test
    void theTangentsFormIsJoined() {
        RULE.rewrites(TANH, fused("tanh"));
    }

    @Test
    void theCubeMayBeAProduct() {
        RULE.rewrites(TANH.replace("c = Pow (x, three)", "q = Mul (x, x)\n   c = Mul (q, x)"), fused("tanh"));
    }

    @Test
    void onnxsOwnOperatorIsTaken() {
        RULE.rewrites("""
                <ir_version: 9, opset_import: ["" : 20]>
                g (float[B,4] x) => (float[B,4] y)
                {
                   y = Gelu <approximate: string = "tanh"> (x)
                }
                """, fused("tanh"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"half = {0.5}|half = {0.6}", "one = {1}|one = {2}", "1.4142135|1.5"})
    void otherConstantsAreLeft(String change) {
        String[] parts = change.split("\\|");
        RULE.leavesAlone(EXACT.replace(parts[0], parts[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.044715|0.05", "0.7978846|0.8", "three = {3}|three = {2}"})
    void otherConstantsOfTheTangentAreLeft(String change) {
        String[] parts = change.split("\\|");
        RULE.leavesAlone(TANH.replace(parts[0], parts[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "e", "a", "p"})
    void valuesThatOthersReadAreLeft(String value) {
        RULE.leavesAlone(EXACT.replace("=> (float[B,4] y)", "=> (float[B,4] y, float[B,4] " + value + ")"));
    }

    @Test
    void theGateOfAnotherValueIsLeft() {
        RULE.leavesAlone(EXACT.replace("(float[B,4] x)", "(float[B,4] x, float[B,4] z)")
                .replace("Div (x, root)", "Div (z, root)"));
    }
}
