package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    /** Two blocks, the first with a normalisation taken apart, the second with one whole, and a transposed head. */
    private static final Graph GRAPH = GraphText.parse("""
            g (float[1,4] x) => (float[1,2] y)
              <float[4,4] "onnx::MatMul_1" = {...}, float[4] b = {1,1,1,1}, float[4,4] w = {...},
               float[4] gain = {1,1,1,1}, float[4] shift = {1,1,1,1}, float two = {2}, float eps = {1e-12},
               float[4,4] c = {...}, float[4,4] d = {...}, float[4] scale = {1,1,1,1},
               float[2,4] head = {...}, int64[1] axes = {1}, float[4] unread = {1,1,1,1}>
            {
              ["/layer.0/query/MatMul"] q = MatMul (x, "onnx::MatMul_1")
              ["/layer.0/query/Add"] r = Add (b, q)
              ["/layer.0/value/MatMul"] v = MatMul (r, w)
              ["/layer.0/after/ReduceMean"] mean = ReduceMean (v)
              ["/layer.0/after/Sub"] centred = Sub (v, mean)
              ["/layer.0/after/Pow"] square = Pow (centred, two)
              ["/layer.0/after/ReduceMean_1"] variance = ReduceMean (square)
              ["/layer.0/after/Add"] safe = Add (variance, eps)
              ["/layer.0/after/Sqrt"] deviation = Sqrt (safe)
              ["/layer.0/after/Div"] normed = Div (centred, deviation)
              ["/layer.0/after/Mul"] scaled = Mul (normed, gain)
              ["/layer.0/after/Add_1"] shifted = Add (scaled, shift)
              ["/layer.1/fc/MatMul"] f = MatMul (shifted, c)
              ["/layer.1/proj/MatMul"] p = MatMul (f, d)
              ["/layer.1/final/Norm"] n = LayerNormalization (p, scale)
              ["/head/Transpose"] t = Transpose (head)
              ["/head/MatMul"] y = MatMul (n, t)
            }
            """);

    private final Sites sites = Sites.of(GRAPH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "biases | b",
                "norms | gain shift scale",
                "learnable | onnx::MatMul_1 b w gain shift c d scale head",
                "depth(2) | c d scale",
                "and(learnable, depth(0..1)) | onnx::MatMul_1 b w gain shift",
                "scope(layer.0/query) | onnx::MatMul_1 b",
                "scope(layer.*/query) | onnx::MatMul_1 b",
                "scope(layer) | ",
                "scope(**/proj) | d",
                "and(operator(MatMul), depth(3)) | head",
                "name(onnx::*) | onnx::MatMul_1",
                "and(learnable, not(or(biases, norms))) | onnx::MatMul_1 w c d head",
                "not(all) | "
            })
    void selectorsSelectTheWeightsThatTheySay(String selector, String names) {
        assertThat(sites.weights(Selector.parse(selector)))
                .containsExactlyInAnyOrder(names == null ? new String[0] : names.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "not(biases)",
                "and(depth(1..6), not(norms), scope(encoder/layer.*/attention))",
                "or(operator(Conv), name(a b*), learnable)"
            })
    void aSelectorIsEqualToWhatItsTextSays(String text) {
        Selector selector = Selector.parse(text);
        assertThat(selector).hasToString(text).isEqualTo(Selector.parse(selector.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everything", "depth(x)", "depth(1..)", "not()", "and(all", "all)", "scope"})
    void aTextThatIsNoSelectorIsRefused(String text) {
        assertThatThrownBy(() -> Selector.parse(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Selector '" + text + "'")
                .hasMessageContaining("expected");
    }

    @Test
    void selectorsWithinEachOtherWithoutEndAreRefused() {
        assertThatThrownBy(() -> Selector.parse("not(".repeat(100_000))).isInstanceOf(InputException.class);
    }

    @Test
    void nodesAreSelectedByTheSameWords() {
        assertThat(sites.nodes(Selector.parse("and(operator(MatMul), depth(1))")))
                .extracting(Node::output)
                .containsExactly("q", "v");
        assertThat(sites.nodes(Selector.scope("layer.1"))).hasSize(3);
    }

    @Test
    void aWeightLiesWhereItIsComputedWithNotWhereItIsTransposed() {
        WeightSite head = sites.weights().stream()
                .filter(site -> site.name().equals("head"))
                .findFirst()
                .orElseThrow();
        assertThat(head.operators()).containsExactly("MatMul");
        assertThat(head.depth()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GroupNorm", "EmbedLayerNormalization", "SkipSimplifiedLayerNormalization"})
    void theFactorsOfOnnxRuntimesNormalisationsAreNorms(String operator) {
        Graph graph = GraphText.parse("""
                g (float[1,4] x) => (float[1,4] y)
                  <float[4,4] w = {...}, float[4] s = {1,1,1,1}>
                { y = com.microsoft.%s (x, w, s) }
                """.formatted(operator));
        assertThat(Sites.of(graph).weights(Selector.norms())).containsExactly("s");
    }

    @Test
    void runningStatisticsAreNotLearnt() {
        Sites batch = Sites.of(GraphText.parse("""
                g (float[1,2,3,3] x) => (y)
                  <float[2] s = {1,1}, float[2] b = {0,0}, float[2] mean = {0,0}, float[2] var = {1,1}>
                { y = BatchNormalization (x, s, b, mean, var) }
                """));
        assertThat(batch.weights(Selector.learnable())).containsExactly("s", "b");
        assertThat(batch.weights(Selector.norms())).containsExactly("s", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pkg.torch.onnx.name_scopes | ['', 'encoder', 'encoder.layer.0', 'encoder.layer.0.attention', 'linear'] | encoder/layer.0/attention",
                "namespace | : bert.BertModel/encoder: bert.Encoder/encoder.layer.11: bert.Layer/linear: aten.linear | encoder/layer.11",
                "namespace | _empty_nn_module_stack_from_metadata_hook: x/y: z | ''"
            })
    void scopesOfTheNewExporterReadLikeThoseOfTheOld(String key, String value, String scope) {
        Extras.Field field = Entry.write(key, value).asField(9);
        Node node = new Node(
                "node_1",
                "Relu",
                "",
                java.util.List.of("x"),
                java.util.List.of("y"),
                java.util.Map.of(),
                Extras.of(java.util.List.of(field)));
        Graph graph = GraphText.parse("g (float[1] x) => (y) { y = Relu (x) }").withNodes(java.util.List.of(node));
        assertThat(Scopes.of(graph).scope(node)).isEqualTo(scope);
    }
}
