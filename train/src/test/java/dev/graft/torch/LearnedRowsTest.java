package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of which the rows that were read learn goes where the same table goes that learns as a whole. */
class LearnedRowsTest {
    private static final int ROWS = 4_096;
    private static final int WIDTH = 16;

    /** More in two batches than a leaf has room for at first, so that it must grow. */
    private static final int IDS = 800;

    private static final double RATE = 0.01;

    /** What float32 may differ by where a norm is summed up in another order. */
    private static final Float ROUNDING = 1e-5f;

    private static final Set<String> LEARNING = Set.of("table", "head");

    private static final String BY_ROWS = """
            e = Gather (table, ids)
            """;

    /** A second reader keeps a table whole. */
    private static final String AS_A_WHOLE = """
            whole = Identity (table)
            e = Gather (whole, ids)
            """;

    private static Graph graph(String look) {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (int64[n] ids, float table, float head) => (float[n,3] logits)
                {
                  %s
                  t = Tanh (e)
                  logits = MatMul (t, head)
                }
                """.formatted(look));
        return graph.with(block -> block.withInputs(block.inputs().subList(0, 1))
                .withWeights(Map.of("table", weight(ROWS, WIDTH), "head", weight(WIDTH, 3))));
    }

    private static Array weight(int... shape) {
        var random = new Random(shape[0]);
        float[] values = new float[shape[0] * shape[1]];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) random.nextGaussian() / 4);
        return Array.of(values, shape[0], shape[1]);
    }

    private static Network network(String look, boolean again) {
        var settings = TorchSettings.defaults().withThreads(2).withGradientCheckpointing(again);
        Network network = new Torch(settings, same -> same).prepare(graph(look));
        network.trainable(LEARNING);
        return network;
    }

    private static void learn(Network network, int step) {
        var random = new Random(step);
        long[] ids = random.longs(IDS, 0, ROWS / 2).toArray();
        long[] targets = random.longs(IDS, 0, 3).toArray();
        network.learn(Map.of("ids", Array.of(ids, IDS)), Array.of(targets, IDS), Loss.CrossEntropy.plain(), 1, step);
    }

    private static void steps(Network network, Optimizer optimizer, int from, int to) {
        for (int step = from; step < to; step++) {
            learn(network, step);
            network.step(optimizer, name -> RATE);
        }
    }

    private static float[] logits(Network network, Map<String, Array> inputs) {
        return Objects.requireNonNull(network.run(inputs).get("logits")).floats();
    }

    private static float[] table(Network network) {
        return Objects.requireNonNull(network.weights().get("table")).floats();
    }

    private static float[] untouched() {
        return weight(ROWS, WIDTH).floats();
    }

    private static Optimizer optimizer(UpdateRule rule, double decay) {
        return new Optimizer(rule, decay, Set.of());
    }

    static UpdateRule[] rules() {
        return new UpdateRule[] {
            new UpdateRule.AdamW(0.9, 0.999, 1e-8),
            new UpdateRule.Sgd(0.9, true),
            new UpdateRule.Sgd(0, false),
            new UpdateRule.Lion(0.9, 0.99),
            new UpdateRule.Adafactor(-0.8, 1)
        };
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rowsGoWhereTheWholeTableGoes(UpdateRule rule) {
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            steps(rows, optimizer(rule, 0), 0, 5);
            steps(whole, optimizer(rule, 0), 0, 5);
            assertThat(table(rows)).isEqualTo(table(whole)).isNotEqualTo(untouched());
        }
    }

    @Test
    void rowsThatWereReadDecayAndOthersStayAsTheyCame() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0.1);
        Set<Long> read = new Random(0).longs(IDS, 0, ROWS / 2).boxed().collect(Collectors.toSet());
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            for (int step = 0; step < 3; step++) {
                steps(rows, optimizer, 0, 1);
                steps(whole, optimizer, 0, 1);
            }
            float[] found = table(rows);
            float[] decayed = table(whole);
            for (int row = 0; row < ROWS; row++) {
                assertThat(row(found, row)).isEqualTo(row(read.contains((long) row) ? decayed : untouched(), row));
            }
            assertThat(row(decayed, ROWS - 1)).isNotEqualTo(row(untouched(), ROWS - 1));
        }
    }

    private static float[] row(float[] table, int row) {
        return Arrays.copyOfRange(table, row * WIDTH, (row + 1) * WIDTH);
    }

    @Test
    void clippedGradientsAreThoseOfTheWholeTable() {
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            for (Network network : new Network[] {rows, whole}) {
                learn(network, 0);
                network.clip(0.001);
                network.step(optimizer(new UpdateRule.Sgd(0, false), 0), name -> 1);
            }
            assertThat(table(rows)).usingComparatorWithPrecision(ROUNDING).isEqualTo(table(whole));
        }
    }

    @Test
    void batchesThatAreGatheredForOneStepMayReadNewRows() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0);
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            for (Network network : new Network[] {rows, whole}) {
                IntStream.range(0, 4).forEach(step -> learn(network, step));
                network.step(optimizer, name -> RATE);
            }
            assertThat(table(rows)).isEqualTo(table(whole)).isNotEqualTo(untouched());
        }
    }

    @Test
    void valuesThatAreComputedOnceMoreComeFromTheSameRows() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0.1);
        try (Network kept = network(BY_ROWS, false);
                Network again = network(BY_ROWS, true)) {
            steps(kept, optimizer, 0, 4);
            steps(again, optimizer, 0, 4);
            assertThat(table(again)).isEqualTo(table(kept));
        }
    }

    @Test
    void aPullToWhereTheWeightsBeganMovesTheWholeTable() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0.1);
        Map<String, Array> starts = Map.of("table", weight(ROWS, WIDTH));
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            steps(whole, optimizer, 0, 1);
            steps(rows, optimizer, 0, 1);
            rows.load(whole.weights());
            for (Network network : new Network[] {rows, whole}) {
                learn(network, 1);
                network.pull(0.1, starts);
                network.step(optimizer, name -> RATE);
            }
            assertThat(table(rows)).isEqualTo(table(whole));
        }
    }

    static UpdateRule[] resumable() {
        var adamW = new UpdateRule.AdamW(0.9, 0.999, 1e-8);
        return new UpdateRule[] {adamW, new UpdateRule.NarrowAdamW(adamW), new UpdateRule.Sgd(0.9, false)};
    }

    @ParameterizedTest
    @MethodSource("resumable")
    void aRunThatIsTakenUpGoesOnBitForBit(UpdateRule rule) {
        Optimizer optimizer = optimizer(rule, 0.1);
        try (Network first = network(BY_ROWS, false);
                Network second = network(BY_ROWS, false)) {
            steps(first, optimizer, 0, 3);
            Map<String, Array> state = first.optimizerState();
            second.load(first.weights());
            second.loadOptimizerState(state);
            assertThat(second.optimizerState()).isEqualTo(state);
            assertGoOnAlike(first, second, optimizer);
        }
    }

    private static void assertGoOnAlike(Network first, Network second, Optimizer optimizer) {
        steps(first, optimizer, 3, 6);
        steps(second, optimizer, 3, 6);
        assertThat(table(second)).isEqualTo(table(first));
    }

    @Test
    void whatIsRememberedOfAWholeTableIsTakenUp() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0.1);
        try (Network whole = network(AS_A_WHOLE, false);
                Network rows = network(BY_ROWS, false)) {
            steps(whole, optimizer, 0, 3);
            rows.load(whole.weights());
            rows.loadOptimizerState(whole.optimizerState());
            assertGoOnAlike(whole, rows, optimizer);
        }
    }

    @Test
    void onlyRowsThatWereReadAreRemembered() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0.1);
        try (Network network = network(BY_ROWS, false)) {
            steps(network, optimizer, 0, 1);
            long read = new Random(0).longs(IDS, 0, ROWS / 2).distinct().count();
            Array mean = Objects.requireNonNull(network.optimizerState().get("table#exp_avg"));
            assertThat(mean.shape()).containsExactly(read, WIDTH);
        }
    }

    @Test
    void whatAnswersSeesTheRowsThatMoved() {
        Optimizer optimizer = optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), 0);
        Map<String, Array> inputs = Map.of("ids", Array.of(new long[] {0, 1, 2, 4_000}, 4));
        try (Network rows = network(BY_ROWS, false);
                Network whole = network(AS_A_WHOLE, false)) {
            steps(rows, optimizer, 0, 3);
            steps(whole, optimizer, 0, 3);
            assertThat(logits(rows, inputs)).isEqualTo(logits(whole, inputs));
            rows.trainable(Set.of("head"));
            assertThat(logits(rows, inputs)).isEqualTo(logits(whole, inputs));
        }
    }
}
