package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import dev.graft.torch.Precision;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    /** Sums of float32 gradients in another order, carried through the steps of an epoch. */
    private static final float SUMMED_IN_ANOTHER_ORDER = 2e-4f;

    private static final double CHANCE = 1.0 / TokenRows.CLASSES;

    private static final Policy ONE_EPOCH = TinyRun.policy(1);

    @TempDir
    Path folder;

    @Test
    void lossFallsAndTheRowsAreLearned() {
        List<History.Epoch> epochs =
                TinyRun.of(TinyRun.policy(6), folder).end().history().epochs();
        assertThat(epochs).hasSize(6);
        assertThat(epochs.get(5).trainLoss()).isLessThan(0.5 * epochs.get(0).trainLoss());
        assertThat(epochs.get(5).validationMetric()).isGreaterThan(1.8 * CHANCE);
    }

    @Test
    void inBfloat16TheRowsAreLearnedAsWell() {
        List<History.Epoch> epochs = TinyRun.of(TinyRun.policy(8), folder)
                .in(Precision.BF16)
                .end()
                .history()
                .epochs();
        assertThat(epochs.get(7).trainLoss()).isLessThan(0.5 * epochs.get(0).trainLoss());
        assertThat(epochs.get(7).validationMetric()).isGreaterThan(1.8 * CHANCE);
    }

    @Test
    void weightsThatNoGradientReachesStayAndAreTold() {
        Graph graph = TinyRun.graph();
        Node lookup = graph.nodes().stream()
                .filter(node -> node.is("Gather") && graph.weights().containsKey(node.input(0)))
                .filter(node -> Objects.requireNonNull(graph.weights().get(node.input(0)))
                        .type()
                        .isFloating())
                .findFirst()
                .orElseThrow();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        int place = nodes.indexOf(lookup);
        nodes.set(place, lookup.defining(List.of("rows")));
        nodes.add(place + 1, Node.of("Floor", lookup.output(), "rows"));
        List<String> warnings = new ArrayList<>();
        TinyRun run = TinyRun.of(ONE_EPOCH, folder).heardBy(new Listener() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
        assertThat(run.end(graph.withNodes(nodes)).weights()).isNotEmpty().doesNotContainKey(lookup.input(0));
        assertThat(warnings).singleElement().asString().contains("'" + lookup.input(0) + "': node ", "(Floor)");
    }

    @Test
    void historyNumbersEpochsAndCountsSteps() {
        History history = TinyRun.of(TinyRun.policy(2), folder).end().history();
        assertThat(history.epochs()).extracting(History.Epoch::number).containsExactly(1, 2);
        assertThat(history.steps()).isEqualTo(2 * 6); // 90 rows in batches of 16
        assertThat(history.stoppedEarly()).isFalse();
        assertThat(history.epochs().get(1).rate()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertThat(end(ONE_EPOCH, "a")).isEqualTo(end(ONE_EPOCH, "b"));
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertThat(end(ONE_EPOCH, "a")).isNotEqualTo(end(PolicyVariant.withSeed(ONE_EPOCH, 43), "b"));
    }

    @Test
    void dropoutChangesWhatIsLearned() {
        assertThat(end(ONE_EPOCH, "a")).isNotEqualTo(end(PolicyVariant.withDropout(ONE_EPOCH, 0), "b"));
    }

    @Test
    void theNetworkHoldsTheWeightsOfItsBestEpoch() {
        Policy three = TinyRun.policy(3);
        List<Map<String, Array>> seen = new ArrayList<>();
        TinyRun.End end = TinyRun.of(three, folder)
                .scoredBy(remembering(seen, 0.5, 0.9, 0.7))
                .end();
        assertThat(end.history().bestEpoch()).isEqualTo(2);
        assertThat(end.weights()).isEqualTo(seen.get(1)).isNotEqualTo(seen.get(2));
    }

    @Test
    void trainingEndsOnceTheScoreRisesNoMore() {
        Policy patient = PolicyVariant.withPatience(TinyRun.policy(9), 2);
        History history = TinyRun.of(patient, folder)
                .scoredBy(scores(0.5, 0.8, 0.8, 0.7, 0.95))
                .end()
                .history();
        assertThat(history.epochs()).hasSize(4);
        assertThat(history.bestEpoch()).isEqualTo(2);
        assertThat(history.stoppedEarly()).isTrue();
    }

    @Test
    void patienceThatRunsOutWithTheLastEpochIsNoEarlyStop() {
        Policy patient = PolicyVariant.withPatience(TinyRun.policy(3), 2);
        History history = TinyRun.of(patient, folder)
                .scoredBy(scores(0.8, 0.7, 0.7))
                .end()
                .history();
        assertThat(history.stoppedEarly()).isFalse();
    }

    @Test
    void twoBatchesOfEightMakeTheStepOfOneOfSixteen() {
        Rows rows = TokenRows.even(64, 8, 1);
        Policy whole = PolicyVariant.withDropout(ONE_EPOCH, 0);
        var one = TinyRun.of(whole, folder.resolve("a")).on(grouped(rows, 16)).end();
        var two = TinyRun.of(PolicyVariant.withBatches(whole, 8, 2), folder.resolve("b"))
                .on(grouped(rows, 8))
                .end();
        assertThat(two.history().steps()).isEqualTo(one.history().steps()).isEqualTo(4);
        assertThat(two.history().epochs().get(0).trainLoss())
                .isCloseTo(one.history().epochs().get(0).trainLoss(), within((double) SUMMED_IN_ANOTHER_ORDER));
        assertThat(floats(two, ClassifierHead.WEIGHT))
                .containsExactly(floats(one, ClassifierHead.WEIGHT), within(SUMMED_IN_ANOTHER_ORDER));
    }

    @Test
    void labelSmoothingKeepsTheLossAboveItsFloor() {
        double smoothing = 0.3;
        Policy smooth = PolicyVariant.withLabelSmoothing(TinyRun.policy(6), smoothing);
        double other = smoothing / TokenRows.CLASSES;
        double own = 1 - smoothing + other;
        double floor = -own * Math.log(own) - (TokenRows.CLASSES - 1) * other * Math.log(other);
        History history = TinyRun.of(smooth, folder).end().history();
        assertThat(history.epochs().get(5).trainLoss())
                .isGreaterThan(floor)
                .isLessThan(history.epochs().get(0).trainLoss());
    }

    @Test
    void whatIsNotSelectedKeepsItsBits() {
        Graph graph = TinyRun.graph();
        Selector head = Selector.or(Selector.name(ClassifierHead.WEIGHT), Selector.name(ClassifierHead.BIAS));
        TinyRun.End end = TinyRun.of(TinyRun.policy(1, head), folder).end(graph);
        assertThat(end.weights()).containsOnlyKeys(ClassifierHead.WEIGHT, ClassifierHead.BIAS);
        assertThat(end.weights().get(ClassifierHead.WEIGHT))
                .isNotEqualTo(graph.weights().get(ClassifierHead.WEIGHT));
    }

    @Test
    void phasesFollowEachOtherAndFrozenWeightsThaw() {
        Selector head = Selector.or(Selector.name(ClassifierHead.WEIGHT), Selector.name(ClassifierHead.BIAS));
        Policy phased = PolicyVariant.withPhases(
                ONE_EPOCH,
                new Phase("head", 1, head, new Schedule.Constant(1e-3)),
                new Phase("all", 1, Selector.all(), new Schedule.Linear(1e-3, 0)));
        TinyRun.End end = TinyRun.of(phased, folder).end();
        assertThat(end.history().epochs()).extracting(History.Epoch::phase).containsExactly("head", "all");
        assertThat(end.weights()).hasSizeGreaterThan(2);
    }

    @Test
    void listenersHearEpochsAndSteps() {
        List<String> heard = new ArrayList<>();
        TinyRun.of(ONE_EPOCH, folder)
                .heardBy(new Listener() {
                    @Override
                    public void epochStarted(int epoch, int epochs, int rows) {
                        heard.add(epoch + "/" + epochs + " over " + rows);
                    }

                    @Override
                    public void stepEnded(int rowsDone, double meanLoss) {
                        heard.add(String.valueOf(rowsDone));
                    }

                    @Override
                    public void epochEnded(History.Epoch epoch, boolean kept) {
                        heard.add("end, " + kept);
                    }
                })
                .end();
        assertThat(heard.get(0)).isEqualTo("1/1 over 90");
        assertThat(heard).hasSize(8).contains("90").endsWith("end, true");
    }

    private static float[] floats(TinyRun.End end, String weight) {
        return java.util.Objects.requireNonNull(end.weights().get(weight)).floats();
    }

    private Map<String, Array> end(Policy policy, String name) {
        return TinyRun.of(policy, folder.resolve(name)).end().weights();
    }

    private static Validation scores(double... accuracies) {
        int[] epoch = {0};
        return session -> new Validation.Result(accuracies[epoch[0]++], 1);
    }

    private static Validation remembering(List<Map<String, Array>> seen, double... accuracies) {
        Validation scores = scores(accuracies);
        return session -> {
            seen.add(((dev.graft.torch.Network) session).weights());
            return scores.score(session);
        };
    }

    /** The same rows whatever the batch asks for: the n-th batch of a size holds the n-th rows. */
    private static Rows grouped(Rows rows, int size) {
        Queue<int[]> batches = new ArrayDeque<>();
        for (int start = 0; start < rows.size(); start += size) {
            int from = start;
            batches.add(java.util.stream.IntStream.range(from, from + size).toArray());
        }
        return new InOrder(rows, batches);
    }

    private record InOrder(Rows rows, Queue<int[]> batches) implements Rows {
        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public int[] lengths() {
            return rows.lengths();
        }

        @Override
        public Map<String, Array> inputs(int[] asked) {
            return rows.inputs(batches.element());
        }

        @Override
        public Array targets(int[] asked) {
            return rows.targets(batches.remove());
        }

        @Override
        public String name(int row) {
            return rows.name(row);
        }
    }

    @Test
    void aPhaseThatNoLongerHelpsGivesWayToTheNext() {
        Policy two = PolicyVariant.withPhases(
                TinyRun.policy(1),
                new Phase("first", 5, Selector.all(), new Schedule.Constant(1e-3), List.of(), 1),
                new Phase("second", 2, Selector.all(), new Schedule.Constant(1e-3)));
        List<History.Epoch> epochs = TinyRun.of(two, folder)
                .scoredBy(session -> new Validation.Result(0.5, 1))
                .end()
                .history()
                .epochs();
        assertThat(epochs).extracting(History.Epoch::phase).containsExactly("first", "first", "second", "second");
    }

    @Test
    void factorsScaleTheRateOfEachDepth() {
        Phase even = new Phase("all", 1, Selector.all(), new Schedule.Constant(1e-3), List.of(1.0, 1.0, 1.0, 1.0), 0);
        Phase low = new Phase("all", 1, Selector.all(), new Schedule.Constant(1e-3), List.of(1e-9, 1e-9, 1e-9, 1.0), 0);
        TinyRun plain = TinyRun.of(TinyRun.policy(1), folder);
        var same = TinyRun.of(PolicyVariant.withPhases(plain.policy(), even), folder)
                .end();
        var head = TinyRun.of(PolicyVariant.withPhases(plain.policy(), low), folder)
                .end();
        assertThat(moved(same, "classifier.weight")).isGreaterThan(1e-3);
        assertThat(moved(head, "classifier.weight")).isGreaterThan(1e-3);
        String deep = "embeddings.LayerNorm.weight";
        assertThat(moved(same, deep)).isGreaterThan(1e-3);
        assertThat(moved(head, deep)).isLessThan(1e-6);
    }

    private static double moved(TinyRun.End end, String name) {
        float[] before = java.util.Objects.requireNonNull(
                        TinyRun.graph().weights().get(name))
                .floats();
        float[] after =
                java.util.Objects.requireNonNull(end.weights().get(name)).floats();
        double most = 0;
        for (int i = 0; i < before.length; i++) {
            most = Math.max(most, Math.abs(before[i] - after[i]));
        }
        return most;
    }
}
