package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FunctionsTest {
    private static final String HEADER = "<ir_version: 8, opset_import: [\"\" : 17, \"local\" : 1]>\n";
    private static final String TWICE = """
            <domain: "local", opset_import: ["" : 17]>
            Twice <scale, unused: int = 1> (a) => (b) {
              t = Mul (a, a)
              b = LeakyRelu <alpha: float = @scale> (t)
            }
            """;

    @Test
    void aCallBecomesTheFunctionsNodes() {
        Graph inlined = inline("g (float[2] x) => (float[2] y) { [call] y = local.Twice <scale = 2.0> (x) }\n" + TWICE);

        assertThat(inlined.functions()).isEmpty();
        assertThat(inlined.opsets()).containsOnlyKeys("");
        assertThat(inlined).hasToString(text("""
                g (float[2] x) => (float[2] y) {
                  "call/t" = Mul (x, x)
                  y = LeakyRelu <alpha: float = 2> ("call/t")
                }
                """));
    }

    @Test
    void everyCallHasValuesOfItsOwn() {
        Graph inlined = inline("""
                g (float[2] x) => (float[2] y) {
                  m = local.Twice <scale = 2.0> (x)
                  "m/t_1" = Relu (m)
                  [m] y = local.Twice (m)
                }
                """ + TWICE);

        assertThat(inlined).hasToString(text("""
                g (float[2] x) => (float[2] y) {
                  "m/t" = Mul (x, x)
                  m = LeakyRelu <alpha: float = 2> ("m/t")
                  "m/t_1" = Relu (m)
                  "m/t_2" = Mul (m, m)
                  y = LeakyRelu ("m/t_2")
                }
                """));
    }

    @Test
    void functionsThatCallFunctionsAndAttributesThatDefaultAreFollowed() {
        Graph inlined = inline("g (float[2] x) => (float[2] y) { y = local.Outer (x) }\n" + TWICE + """
                <domain: "local", opset_import: ["" : 17, "local" : 1]>
                Outer <slope: float = 0.25> (a) => (b) {
                  b = local.Twice <scale: float = @slope> (a)
                }
                """);

        assertThat(inlined.nodes()).extracting(Node::operator).containsExactly("Mul", "LeakyRelu");
        assertThat(inlined.nodes().get(1).real("alpha", 0)).isEqualTo(0.25f);
        assertThat(inlined.nodes().get(1).output()).isEqualTo("y");
    }

    @Test
    void bodiesOfAFunctionAreRenamedToo() {
        Graph inlined = inline("g (float[2] x, bool c) => (float[2] y) { y = local.Choice (c, x) }\n" + """
                <domain: "local", opset_import: ["" : 17]>
                Choice (c, a) => (b) {
                  t = Relu (a)
                  b = If (c) <then_branch = yes () => (z) <float[2] k = {1, 2}> { z = Add (t, k) },
                              else_branch = no () => (z2) { z2 = Neg (a) }>
                }
                """);

        Block branch = Bodies.of(inlined.nodes().get(1)).get(0);
        assertThat(branch.weights()).containsOnlyKeys("y/k");
        assertThat(branch.nodes().get(0).inputs()).containsExactly("y/t", "y/k");
    }

    @Test
    void callsInsideBodiesAreInlined() {
        Graph inlined = inline("""
                g (float[2] x, bool c) => (float[2] y) {
                  y = If (c) <then_branch = yes () => (z) { z = local.Twice <scale = 1.0> (x) },
                              else_branch = no () => (w) { w = Neg (x) }>
                }
                """ + TWICE);

        Block branch = Bodies.of(inlined.nodes().get(0)).get(0);
        assertThat(branch.nodes()).extracting(Node::operator).containsExactly("Mul", "LeakyRelu");
    }

    @Test
    void anInputThatIsHandedOutIsCopied() {
        Graph inlined = inline("g (float[2] x) => (float[2] y, float[2] z) { y, z = local.Same (x) }\n" + """
                <domain: "local", opset_import: ["" : 17]>
                Same (a) => (a, a) { t = Relu (a) }
                """);
        assertThat(inlined.nodes()).extracting(Node::operator).containsExactly("Relu", "Identity", "Identity");
    }

    @Test
    void aGraphWithoutFunctionsIsReturnedItself() {
        Graph graph = GraphText.parse("g (float[2] x) => (y) { y = Relu (x) }");
        assertThat(Functions.inline(graph)).isSameAs(graph);
    }

    @Test
    void overloadsAreToldApart() {
        Graph rich = Onnx.read(ByteBuffer.wrap(RichModel.bytes()), "rich.onnx");
        Graph inlined = Functions.inline(rich);
        assertThat(inlined.nodes()).extracting(Node::operator).containsExactly("Mystery", "If", "LeakyRelu");
    }

    @Test
    void functionsThatCallEachOtherInACircleAreRefused() {
        assertThatThrownBy(() -> inline("g (float[2] x) => (float[2] y) { y = local.A (x) }\n" + """
                <domain: "local", opset_import: ["local" : 1]>
                A (a) => (b) { b = local.B (a) }
                <domain: "local", opset_import: ["local" : 1]>
                B (a) => (b) { b = local.A (a) }
                """))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("calls itself");
    }

    @Test
    void functionsThatMultiplyWithoutEndAreRefused() {
        var text = new StringBuilder("g (float[2] x) => (float[2] y) { y = local.F0 (x) }\n");
        for (int i = 0; i < 30; i++) {
            String next = i == 29 ? "Relu" : "local.F" + (i + 1);
            text.append("<domain: \"local\", opset_import: [\"\" : 17]>\nF")
                    .append(i)
                    .append(" (a) => (b) { ");
            text.append("t = ").append(next).append(" (a) b = ").append(next).append(" (t) }\n");
        }
        assertThatThrownBy(() -> inline(text.toString()))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("more than 1000000 nodes");
    }

    @Test
    void aFunctionOfAnotherOperatorSetIsRefused() {
        assertThatThrownBy(() -> inline("g (float[2] x) => (float[2] y) { y = local.Old (x) }\n" + """
                <domain: "local", opset_import: ["" : 11]>
                Old (a) => (b) { b = Relu (a) }
                """))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("version 11")
                .hasMessageContaining("17");
    }

    private static Graph inline(String text) {
        return Functions.inline(GraphText.parse(HEADER + text));
    }

    private static String text(String graph) {
        return GraphText.parse("<ir_version: 8, opset_import: [\"\" : 17]>\n" + graph)
                .toString();
    }
}
