package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import dev.graft.torch.UpdateRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegularisersTest {
    private static final double ROUNDING = 1e-6;
    private static final Loss.CrossEntropy EACH = new Loss.CrossEntropy("logits", 0, List.of());
    private static final Graph LOGITS = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]> g (float[1] one) => (float[2,2] logits)
            <float[2,2] w = {1, -1, 0.5, 2}> { logits = Mul (w, one) }
            """);

    @TempDir
    Path folder;

    private static Network network(Graph graph) {
        return new Torch(TorchSettings.defaults().withThreads(1), same -> same).prepare(graph);
    }

    private static double loss(Network network, Loss loss, long seed) {
        return network.learn(Map.of("one", Array.of(new float[] {1}, 1)), Array.of(new long[] {0, 1}, 2), loss, 1, seed)
                .value();
    }

    /** ln(1 + e^-d) for logits whose difference is d. */
    private static double surprise(double difference) {
        return Math.log1p(Math.exp(-difference));
    }

    @Test
    void mixedRowsAreMixturesOfLogitsAndOfLabels() {
        try (Network network = network(LOGITS)) {
            network.trainable(Set.of("w"));
            double share = 0.7;
            double first = share * 2 + 0.3 * -1.5;
            double second = share * -1.5 + 0.3 * 2;
            double wanted = (share * surprise(first) + 0.3 * surprise(-first)) / 2
                    + (share * surprise(-second) + 0.3 * surprise(second)) / 2;
            assertThat(loss(network, new Loss.Mixed(EACH, share), 0)).isCloseTo(wanted, within(ROUNDING));
            assertThat(loss(network, new Loss.Mixed(EACH, 1), 0)).isEqualTo(loss(network, EACH, 0));
        }
    }

    /** The variance of Beta(a, a) is 1 / (4 (2a + 1)). */
    @Test
    void sharesAreDrawnFromBeta() {
        var mixup = new Loss.Mixup(EACH, 0.2);
        double[] shares = IntStream.range(0, 20_000)
                .mapToDouble(seed -> ((Loss.Mixed) mixup.drawn(Seeds.mix(1, seed))).share())
                .toArray();
        double mean = java.util.Arrays.stream(shares).average().orElse(0);
        double variance = java.util.Arrays.stream(shares)
                .map(share -> (share - mean) * (share - mean))
                .average()
                .orElse(0);
        assertThat(mean).isCloseTo(0.5, within(0.01));
        assertThat(variance).isCloseTo(1 / 5.6, within(0.005));
        assertThat(mixup.drawn(7)).isEqualTo(mixup.drawn(7));
    }

    /** The penalty is strength / 2 · |w - start|², so its gradient is strength · (w - start). */
    @Test
    void aPulledWeightFeelsItsDistanceFromItsStart() {
        try (Network network = network(LOGITS)) {
            network.trainable(Set.of("w"));
            float[] before = weight(network);
            var descent = new Optimizer(new UpdateRule.Sgd(0, false), 0, Set.of());
            loss(network, EACH, 0);
            network.step(descent, name -> 1e-3);
            float[] free = weight(network);
            network.load(Map.of("w", Array.of(before, 2, 2)));
            loss(network, EACH, 0);
            network.pull(0.5, Map.of("w", Array.of(new float[] {0, 0, 0, 0}, 2, 2)));
            network.step(descent, name -> 1e-3);
            float[] pulled = weight(network);
            for (int i = 0; i < pulled.length; i++) {
                assertThat(free[i] - pulled[i]).isCloseTo(1e-3f * 0.5f * before[i], within((float) ROUNDING));
            }
        }
    }

    private static float[] weight(Network network) {
        return Objects.requireNonNull(network.weights().get("w")).floats();
    }

    @Test
    void aPullKeepsTheTrunkNearWhereItBeganAndLeavesTheHead() {
        var strong = Regularisers.NONE.withL2Sp(0.9);
        Policy free = PolicyVariant.withDropout(TinyRun.policy(2), 0);
        TinyRun.End one = TinyRun.of(free, folder.resolve("free")).end();
        TinyRun.End other = TinyRun.of(
                        free.withTechniques(Techniques.DEFAULT.withRegularisers(strong)), folder.resolve("pulled"))
                .end();
        assertThat(moved(other)).isLessThan(0.8 * moved(one));
    }

    private static double moved(TinyRun.End end) {
        double sum = 0;
        for (Map.Entry<String, Array> weight : end.weights().entrySet()) {
            if (!weight.getKey().equals(ClassifierHead.WEIGHT)
                    && !weight.getKey().equals(ClassifierHead.BIAS)) {
                float[] now = weight.getValue().floats();
                float[] before = Objects.requireNonNull(
                                TinyRun.graph().weights().get(weight.getKey()))
                        .floats();
                for (int i = 0; i < now.length; i++) {
                    sum += (now[i] - before[i]) * (now[i] - before[i]);
                }
            }
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @EnumSource
    void termsAndRegularisersLearnTogetherInEitherPrecision(Precision precision) {
        Techniques all = Techniques.DEFAULT
                .withLoss(Choice.of("supervised_contrastive"), ClassWeight.BALANCED, Sampler.NATURAL)
                .withRegularisers(
                        Regularisers.NONE.withLayerDrop(0.2).withMixout(0.3).withL2Sp(0.01));
        History history = TinyRun.of(TinyRun.policy(8).withTechniques(all), folder.resolve("all"))
                .in(precision)
                .end()
                .history();
        assertThat(history.epochs()).hasSize(8);
        assertThat(history.epochs().get(7).trainLoss())
                .isLessThan(0.9 * history.epochs().get(0).trainLoss());
    }

    @Test
    void theHeadMayHaveDropoutOfItsOwn() {
        Graph fused = Fusion.standard().apply(TinyRun.graph());
        Graph headAlone = new InsertDropout(0, 0.3).apply(fused);
        assertThat(headAlone.nodes()).hasSize(fused.nodes().size() + 1);
        assertThat(headAlone.nodes().stream().filter(node -> node.is("Dropout")))
                .hasSize(1);
        Graph trunkAlone = new InsertDropout(0.1, 0).apply(fused);
        assertThat(new InsertDropout(0.1).apply(fused).nodes())
                .hasSize(trunkAlone.nodes().size() + 1);
        assertThat(new InsertDropout(0, 0).apply(fused)).isEqualTo(fused);
    }
}
