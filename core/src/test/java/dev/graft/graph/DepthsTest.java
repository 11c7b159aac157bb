package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DepthsTest {
    @TempDir
    Path folder;

    @Test
    void theEncoderHasSixBlocksOfSixteenWeights() {
        Sites sites = Sites.of(Onnx.read(Models.miniLm(folder)));

        assertThat(sites.depths().blocks()).isEqualTo(6);
        assertThat(sizes(sites))
                .isEqualTo(new TreeMap<>(java.util.Map.of(0, 5L, 1, 16L, 2, 16L, 3, 16L, 4, 16L, 5, 16L, 6, 16L)));
        assertThat(sites.weights(Selector.and(Selector.learnable(), Selector.depth(0, 0))))
                .allMatch(name -> name.startsWith("embeddings."));
    }

    @Test
    void weightsThatTheExporterRenamedAreFoundByScope() {
        Sites sites = Sites.of(Onnx.read(Models.miniLm(folder)));

        Set<String> found = sites.weights(Selector.scope("encoder/layer.3/attention/self/query"));
        assertThat(found).hasSize(2).contains("encoder.layer.3.attention.self.query.bias");
        assertThat(found).anyMatch(name -> name.startsWith("onnx::MatMul_"));
        assertThat(sites.weights(Selector.scope("encoder/layer.3"))).hasSizeGreaterThanOrEqualTo(16);
        assertThat(sites.weights(Selector.scope("encoder/layer.*/attention/self/query")))
                .hasSize(12);
        assertThat(sites.weights(Selector.scope("**/query"))).hasSize(12);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("families")
    void everyExportOfATwoLayerEncoderHasTwoBlocks(Path model) {
        Sites sites = Sites.of(Onnx.read(model));

        assertThat(sites.depths().blocks()).isEqualTo(2);
        assertThat(sites.weights(Selector.and(Selector.learnable(), Selector.name("*word_embeddings.weight"))))
                .isNotEmpty()
                .allMatch(name -> sites.depths().depth(name) == 0);
        assertThat(sites.weights(Selector.and(
                        Selector.learnable(), Selector.or(Selector.name("*classifier*"), Selector.name("*pooler*")))))
                .allMatch(name -> sites.depths().depth(name) == 3);
        for (int block = 0; block < 2 && !model.toString().contains("albert"); block++) {
            int depth = block + 1;
            assertThat(sites.weights(Selector.name("*layer." + block + ".*.bias")))
                    .isNotEmpty()
                    .allMatch(name -> sites.depths().depth(name) == depth);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("families")
    void everyExportKeepsBiasesAndNormsApart(Path model) {
        Sites sites = Sites.of(Onnx.read(model));

        Set<String> norms = sites.weights(Selector.norms());
        Set<String> biases = sites.weights(Selector.biases());
        assertThat(norms).isNotEmpty().doesNotContainAnyElementsOf(biases);
        assertThat(norms)
                .filteredOn(name -> name.contains("."))
                .allMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("norm"));
        assertThat(biases)
                .isNotEmpty()
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("norm"));
        assertThat(sites.weights())
                .filteredOn(site -> site.name().contains("LayerNorm") && site.learnable())
                .allMatch(WeightSite::norm);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("sharing")
    void weightsThatAllBlocksShareHaveTheLowestDepth(Path model) {
        Sites sites = Sites.of(Onnx.read(model));
        assertThat(sites.weights(Selector.name("encoder.albert_layer_groups.*")))
                .isNotEmpty()
                .allMatch(name -> sites.depths().depth(name) == 1);
        assertThat(sites.depths().depth("encoder.embedding_hidden_mapping_in.bias"))
                .isZero();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("standardAttention")
    void withoutNamesAndScopesBlocksShowByAttention(Path model) {
        Graph graph = Onnx.read(model);
        var bare = graph.withNodes(graph.nodes().stream()
                .map(node -> new Node(
                        "",
                        node.operator(),
                        node.domain(),
                        node.inputs(),
                        node.outputs(),
                        node.attributes(),
                        Extras.NONE))
                .toList());
        Depths named = Depths.of(graph);
        Depths found = Depths.of(bare);

        assertThat(found.blocks()).isEqualTo(2);
        assertThat(graph.weights().keySet().stream().filter(name -> name.endsWith(".bias")))
                .allMatch(name -> found.depth(name) == named.depth(name));
    }

    @ParameterizedTest
    @CsvSource({
        "resnet20-cifar10.onnx, 9",
        "resnet56-cifar10.onnx, 27",
        "mcunet-imagenet.onnx, 18",
        "super-resolution.onnx, 0"
    })
    void imageModelsHaveTheBlocksOfTheirPapers(String model, int blocks) {
        Depths depths = Depths.of(Onnx.read(Models.shared(model)));
        assertThat(depths.blocks()).isEqualTo(blocks);
        assertThat(depths.depth("conv1.weight")).isZero();
        assertThat(depths.depth("linear.weight")).isEqualTo(model.startsWith("resnet") ? blocks + 1 : 0);
    }

    @Test
    void whatLiesBetweenBlocksBelongsToTheFirst() {
        Depths depths = Depths.of(GraphText.parse("""
                g (float[1,4] x) => (float[1,2] y)
                  <float[4,4] stem = {...}, float[4,4] a = {...}, float[4,4] b = {...}, float[4,4] c = {...},
                   float[4,4] d = {...}, float[4] gain = {1,1,1,1}, float[4,2] head = {...}>
                {
                  ["/stem/MatMul"] s = MatMul (x, stem)
                  ["/h.0/fc/MatMul"] a1 = MatMul (s, a)
                  ["/h.0/proj/MatMul"] a2 = MatMul (a1, b)
                  ["/Mul"] between = Mul (a2, gain)
                  ["/h.1/fc/MatMul"] b1 = MatMul (between, c)
                  ["/h.1/proj/MatMul"] b2 = MatMul (b1, d)
                  ["/head/MatMul"] y = MatMul (b2, head)
                }
                """));
        assertThat(depths.blocks()).isEqualTo(2);
        assertThat(List.of("stem", "a", "b", "gain", "c", "d", "head").stream().map(depths::depth))
                .containsExactly(0, 1, 1, 1, 2, 2, 3);
        assertThat(depths.head()).isEqualTo(3);
    }

    @Test
    void aHeadOfNumberedLayersIsNoBlock() {
        Depths depths = Depths.of(GraphText.parse("""
                g (float[1,4] x) => (float[1,2] y) <float[4,4] a = {...}, float[4,2] b = {...}>
                {
                  ["/classifier/classifier.0/MatMul"] h = MatMul (x, a)
                  ["/classifier/classifier.1/Relu"] r = Relu (h)
                  ["/classifier/classifier.2/MatMul"] y = MatMul (r, b)
                }
                """));
        assertThat(depths.blocks()).isZero();
    }

    private static TreeMap<Integer, Long> sizes(Sites sites) {
        return sites.weights().stream()
                .filter(WeightSite::learnable)
                .collect(Collectors.groupingBy(WeightSite::depth, TreeMap::new, Collectors.counting()));
    }

    static List<Path> families() {
        return Models.families();
    }

    /** DeBERTa's scores are a sum of several products, between which its blocks cannot be told apart by flow alone. */
    static List<Path> standardAttention() {
        return Models.families().stream()
                .filter(model -> !model.toString().contains("deberta"))
                .toList();
    }

    static List<Path> sharing() {
        return Models.families().stream()
                .filter(model -> model.toString().contains("albert"))
                .toList();
    }
}
