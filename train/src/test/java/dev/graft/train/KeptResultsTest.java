package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.EncoderSettings;
import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Metric;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptResultsTest {
    private static final String TOKENIZER =
            "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],\"normalizer\":null,"
                    + "\"pre_tokenizer\":{\"type\":\"Whitespace\"},\"post_processor\":null,\"decoder\":null,"
                    + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"[UNK]\":0,\"good\":1,\"bad\":2,\"very\":3},"
                    + "\"unk_token\":\"[UNK]\"}}";
    private static final TorchSettings ONE = TorchSettings.defaults().withThreads(1);

    @TempDir
    Path folder;

    private KeptResults kept = new KeptResults(FeatureCache.standard());

    @BeforeEach
    void keepApart() {
        kept = new KeptResults(new FeatureCache(folder.resolve("cache"), 1 << 20));
    }

    private long entries() throws IOException {
        if (!Files.isDirectory(folder.resolve("cache"))) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder.resolve("cache"))) {
            return all.count();
        }
    }

    private static List<Example> examples(String... textsAndLabels) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < textsAndLabels.length; i += 2) {
            examples.add(new Example(textsAndLabels[i], textsAndLabels[i + 1], Path.of("rows.csv"), i));
        }
        return examples;
    }

    /** What is said of two test rows, by a baseline that learns from some rows and by a head on random features. */
    private List<float[][]> said(long seed, int threads, String... learned) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        try (TextEncoder encoder = TextEncoder.open(EncoderSettings.of(8), file)) {
            LabelSet labels = LabelSet.of(examples("a", "no", "b", "yes"));
            List<String> inputs = List.of("input_ids");
            var rows = new TextRows(examples(learned), labels, encoder, inputs);
            var test = new TextRows(examples("very good", "yes", "very bad", "no"), labels, encoder, inputs);
            var none = new TextRows(List.of(), labels, encoder, inputs);
            var parts = new Parts(rows, none, test, none);
            List<float[][]> said = new ArrayList<>();
            Baselines.predictions(parts, kept).values().forEach(each -> said.add(probabilities(each)));
            said.add(probabilities(new Controls(ONE.withThreads(threads), seed).random(parts, kept)));
            return said;
        }
    }

    private static float[][] probabilities(dev.graft.eval.Scorable said) {
        return ((dev.graft.eval.Predictions) said).probabilities();
    }

    private static final String[] ROWS = {"good", "yes", "bad", "no", "very good", "yes", "very bad", "no"};

    @Test
    void theSameRunTakesWhatTheFirstKept() throws IOException {
        List<float[][]> first = said(42, 1, ROWS);
        assertThat(entries()).isEqualTo(2);
        List<float[][]> second = said(42, 1, ROWS);
        assertThat(entries()).isEqualTo(2);
        assertThat(java.util.Arrays.deepEquals(second.toArray(), first.toArray()))
                .isTrue();
    }

    @Test
    void anotherRowLabelSeedOrNumberOfThreadsIsComputedAnew() throws IOException {
        said(42, 1, ROWS);
        said(43, 1, ROWS);
        assertThat(entries()).as("another seed moves the random features alone").isEqualTo(3);
        said(42, 2, ROWS);
        assertThat(entries())
                .as("another number of threads, whose digits may differ")
                .isEqualTo(4);
        said(42, 1, "good", "yes", "bad", "no", "very good", "yes", "bad bad", "no");
        assertThat(entries()).as("another text").isEqualTo(6);
        said(42, 1, "good", "yes", "bad", "no", "very good", "yes", "very bad", "yes");
        assertThat(entries()).as("another label").isEqualTo(8);
    }

    @Test
    void anotherSeedProbeOrGraphIsAnotherHead() {
        Graph graph = graph(1);
        String key = new HeadProbe(Probe.UNIT, ONE, graph, 42).key();
        assertThat(new HeadProbe(Probe.UNIT, ONE, graph(1), 42).key()).isEqualTo(key);
        assertThat(new HeadProbe(Probe.UNIT, ONE, graph, 43).key()).isNotEqualTo(key);
        assertThat(new HeadProbe(Probe.START, ONE, graph, 42).key()).isNotEqualTo(key);
        assertThat(new HeadProbe(Probe.UNIT, ONE.withThreads(2), graph, 42).key())
                .isNotEqualTo(key);
        assertThat(new HeadProbe(Probe.UNIT, ONE, graph(2), 42).key()).isNotEqualTo(key);
    }

    private static Graph graph(float weight) {
        return Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT)),
                List.of(ValueInfo.of("y", ElementType.FLOAT)),
                List.of(Node.of("Add", "y", "x", "w")),
                Map.of("w", Array.scalar(weight)),
                17);
    }

    @Test
    void aHeadIsTheSameAfterItWasKept() {
        var solution = new LinearProbe.Solution(
                Array.of(new float[] {1, 2, 3, 4}, 2, 2),
                Array.of(new float[] {5, 6}, 2),
                0.03,
                0.25,
                new Validation.Result(0.75, 0.5));
        var solved = new HeadProbe.Solved(Map.of(), new LayerMix(4, 0.3), solution, 9);
        assertThat(kept.of("key", solved::arrays)).hasSize(3);
        Map<String, Array> taken = kept.of("key", () -> {
            throw new AssertionError("computed although it is kept");
        });
        HeadProbe.Solved again = HeadProbe.Solved.of(taken, Metric.ACCURACY, 0.1);
        assertThat(again.solution()).isEqualTo(solution);
        assertThat(again.mix()).isEqualTo(solved.mix());
        assertThat(again.weights()).hasSize(2);
    }

    @Test
    void aDamagedFileIsComputedAgainAndWrittenOver() throws IOException {
        kept.answers("key", 1, () -> new float[][] {{1, 2}});
        Path file = folder.resolve("cache/key/result.safetensors");
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(kept.answers("key", 1, () -> new float[][] {{3, 4}})).isDeepEqualTo(new float[][] {{3, 4}});
        assertThat(kept.answers("key", 1, () -> new float[][] {{5, 6}})).isDeepEqualTo(new float[][] {{3, 4}});
    }

    @Test
    void aCacheOfNoBytesKeepsNothing() throws IOException {
        var none = new KeptResults(new FeatureCache(folder.resolve("cache"), 0));
        assertThat(none.answers("key", 1, () -> new float[][] {{1}})).isDeepEqualTo(new float[][] {{1}});
        assertThat(none.answers("key", 1, () -> new float[][] {{2}})).isDeepEqualTo(new float[][] {{2}});
        assertThat(entries()).isZero();
    }

    @Test
    void partsOfAKeyDoNotRunIntoOneAnother() {
        assertThat(KeptResults.key("ab", "c")).isNotEqualTo(KeptResults.key("a", "bc"));
        assertThat(KeptResults.key("a", 1)).isEqualTo(KeptResults.key("a", "1"));
    }
}
