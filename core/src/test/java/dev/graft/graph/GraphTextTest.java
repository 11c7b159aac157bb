package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphTextTest {
    /** As {@code onnx.printer} 1.19 prints it, but for blanks. */
    private static final String FROM_ONNX = """
            <
               ir_version: 8,
               opset_import: ["" : 17, "local" : 1],
               metadata_props: ["a": "b"]
            >
            agraph (float[N,?,128] X, float s, float[] sc, bool c) => (float[N] C,  Z)
               <float[2] W =  {1,2.5}, int64 k =  {3}, float[N] vi>
            {
               [nm] Y, "", V = Foo.bar.Op <a: int = 1, b: float = 2, c: string = "x\\"y", d: ints = [1, 2], e: strings = ["a", "b"], f: tensor = int64[2] {1,2}, g: floats = [1, 2], h: ints = []> (X, "", W)
               C = If (c) <then_branch: graph = tb () => (float[N] y) {
                  y = Relu (X)
               }, else_branch: graph = eb () => (float[N] y2)
                  <float[1] cc =  {1}>
            {
                  y2 = Add (X, cc)
               }>
               Z = local.fn <alpha: float = 2> (C)
            }
            <
              domain: "local",
              opset_import: ["" : 17]
            >
            fn <beta>(x) => (y)
            {
               y = LeakyRelu <alpha: float = @alpha> (x)
            }
            """;

    @Test
    void theTextOfOnnxsOwnPrinterIsRead() {
        Graph graph = GraphText.parse(FROM_ONNX);

        assertThat(graph.opsets()).containsEntry("", 17L).containsEntry("local", 1L);
        assertThat(graph.header().metadata()).containsEntry("a", "b");
        assertThat(graph.inputs().get(0).shape())
                .contains(List.of(new Dimension.Symbol("N"), new Dimension.Unknown(), new Dimension.Fixed(128)));
        assertThat(graph.inputs().get(1).shape()).contains(List.of());
        assertThat(graph.inputs().get(2).shape()).isEmpty();
        assertThat(graph.outputs().get(1).type()).isEmpty();
        assertThat(graph.weights()).containsEntry("W", Array.of(new float[] {1, 2.5f}, 2));
        assertThat(graph.weights()).containsEntry("k", Array.scalar(3L));
        assertThat(graph.main().values()).extracting(ValueInfo::name).containsExactly("vi");
    }

    @Test
    void attributesOfAllKindsAreRead() {
        Node node = GraphText.parse(FROM_ONNX).nodes().get(0);

        assertThat(node.name()).isEqualTo("nm");
        assertThat(node.domain()).isEqualTo("Foo.bar");
        assertThat(node.outputs()).containsExactly("Y", "", "V");
        assertThat(node.inputs()).containsExactly("X", "", "W");
        assertThat(node.whole("a", 0)).isEqualTo(1);
        assertThat(node.real("b", 0)).isEqualTo(2);
        assertThat(node.text("c", "")).isEqualTo("x\"y");
        assertThat(node.wholes("d", List.of())).containsExactly(1L, 2L);
        assertThat(node.attributes().get("e")).isEqualTo(new Attribute.Texts(List.of("a", "b")));
        assertThat(node.array("f")).contains(Array.of(new long[] {1, 2}, 2));
        assertThat(node.attributes().get("g")).isEqualTo(new Attribute.Reals(List.of(1f, 2f)));
        assertThat(node.wholes("h", List.of(9L))).isEmpty();
    }

    @Test
    void bodiesAndFunctionsAreRead() {
        Graph graph = GraphText.parse(FROM_ONNX);

        Block branch = Bodies.of(graph.nodes().get(1)).get(1);
        assertThat(branch.weights()).containsKey("cc");
        Function function = graph.functions().get(0);
        assertThat(function.attributes()).containsExactly("beta");
        assertThat(function.nodes().get(0).attributes().get("alpha"))
                .isEqualTo(new Attribute.Reference("alpha", AttributeKind.REAL));
    }

    @Test
    void whatIsPrintedIsReadAsTheSameGraph() {
        Graph graph = GraphText.parse(FROM_ONNX);
        assertThat(GraphText.parse(graph.toString())).isEqualTo(graph);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("models")
    void theTextOfARealModelIsAFixedPoint(Path model) {
        String text = GraphText.print(Onnx.read(model));
        assertThat(GraphText.print(GraphText.parse(text))).isEqualTo(text);
    }

    static Stream<Path> models() {
        return Stream.concat(Models.shared().stream(), Models.families().stream());
    }

    @Test
    void aNodeTakesALineAndLargeWeightsAreElided() {
        Graph graph = Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT, new Dimension.Symbol("N"), new Dimension.Fixed(5))),
                List.of(ValueInfo.of("/out", ElementType.FLOAT)),
                List.of(
                        Node.of("MatMul", "xw", "x", "w"),
                        Node.of("Softmax", "/out", "xw").with("axis", new Attribute.Whole(-1))),
                java.util.Map.of("w", Array.of(new float[20], 5, 4)),
                17);
        assertThat(graph).hasToString("""
                <
                   ir_version: 8,
                   opset_import: ["" : 17],
                   producer_name: "graft"
                >
                graph (float[N,5] x) => (float "/out")
                   <float[5,4] w = {...}>
                {
                   [xw] xw = MatMul (x, w)
                   ["/out"] "/out" = Softmax <axis: int = -1> (xw)
                }
                """);
        assertThat(GraphText.parse(graph.toString())).isEqualTo(graph);
    }

    @Test
    void theHeaderMayBeLeftOut() {
        Graph graph = GraphText.parse("g (float[2] x) => (y) { y = Relu (x) } # comment");
        assertThat(graph.opset()).isEqualTo(17);
        assertThat(graph.outputs().get(0).type()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "float[4] w = {1, nan, inf, -inf} | NaN",
                "double[2] w = {1e-12, -3.4028235e+38} | 1.0E-12",
                "uint64[1] w = {18446744073709551615} | 18446744073709551615",
                "string[2] w = {\"a b\", \"c\\nd\"} | a b",
                "bool[2] w = {1, 0} | 1",
                "int8[2] w = {-1, 127} | -1"
            })
    void elementsOfEveryWrittenTypeComeBack(String declaration, String ignored) {
        Graph graph = GraphText.parse("g () => (w) <" + declaration + "> {}");
        assertThat(GraphText.parse(graph.toString())).isEqualTo(graph);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "g (float[2] x) => (y) { y = Relu x } | Line 1, column 34",
                "g (float[2] x) => (y) { y = Relu (x) | expected a name, but found the end",
                "g (float[2] x) => (y) { y = Relu (z) } | reads 'z'",
                "g () => (w) <float[3] w = {1,2}> {} | 3 elements of float",
                "g () => (w) <float[-3] w = {1,2}> {} | a size of 0 or more",
                "g () => (w) <float[99999999,99999999] w = {...}> {} | fewer elements",
                "g () => (w) <float16[1] w = {1}> {} | elements of float16",
                "g () => (w) <flaot[1] w = {1}> {} | element type",
                "g () => (w) <int8[1] w = {x}> {} | elements of int8",
                "g (x) => (y) { y = Op <a = [1, \"b\"]> (x) } | one kind",
                "g (x) => (y) { y = Op <a = \"b> (x) } | a closing quote",
                "g (x) => (y) { y = Op <a = 1.2.3> (x) } | a number",
                "<ir_version: x> g (x) => (x) {} | a whole number"
            })
    void aTextThatIsNoGraphIsRefusedWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> GraphText.parse(text))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(message);
    }

    @Test
    void graphsNestedWithoutEndAreRefused() {
        String text = "g () => () { = If <then_branch = ".repeat(5000);
        assertThatThrownBy(() -> GraphText.parse(text))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("nested at most");
    }
}
