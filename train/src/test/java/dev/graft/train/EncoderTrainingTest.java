package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.Prune;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop under an objective other than classes, over the small encoder without its head. */
class EncoderTrainingTest {
    private static final int EPOCHS = 3;

    @TempDir
    Path folder;

    private static Graph vectors() {
        Graph both = new FeaturesOutput().apply(TinyRun.graph());
        List<ValueInfo> features = both.outputs().subList(1, 2);
        return Prune.unread(both.withOutputs(features));
    }

    private TinyRun run(String name) {
        Phase contrast = new Phase(
                "contrast",
                EPOCHS,
                Selector.all(),
                new Schedule.Constant(1e-3),
                List.of(),
                0,
                new Objective.Contrast(0.2, 2));
        Policy policy = PolicyVariant.withPhases(TinyRun.policy(1), contrast);
        return TinyRun.of(policy, folder.resolve(name)).scoredBy(session -> new Validation.Result(spread(session), 0));
    }

    /** Cosine within classes less cosine between them, brought to 0 up to 1: what contrast makes large. */
    private static double spread(dev.graft.run.Session session) {
        TokenRows rows = TokenRows.random(30, 2);
        float[][] vectors = Outputs.of(session, rows, 10, FeaturesOutput.FEATURES);
        long[] labels = rows.targets(IntStream.range(0, 30).toArray()).longs();
        double within = 0;
        double between = 0;
        int same = 0;
        int other = 0;
        for (int a = 0; a < vectors.length; a++) {
            for (int b = 0; b < a; b++) {
                double cosine = cosine(vectors[a], vectors[b]);
                if (labels[a] == labels[b]) {
                    within += cosine;
                    same++;
                } else {
                    between += cosine;
                    other++;
                }
            }
        }
        return 0.5 + (within / same - between / other) / 4;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            ofA += a[i] * a[i];
            ofB += b[i] * b[i];
        }
        return product / Math.sqrt(ofA * ofB);
    }

    @Test
    void contrastBringsRowsOfAClassTogether() {
        History history = run("whole").end(vectors()).history();
        List<Double> spreads =
                history.epochs().stream().map(History.Epoch::validationMetric).toList();
        assertThat(spreads.get(EPOCHS - 1)).isGreaterThan(spreads.get(0));
        assertThat(history.epochs().get(EPOCHS - 1).trainLoss())
                .isLessThan(history.epochs().get(0).trainLoss());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 9})
    void anInterruptedTuningEndsAsTheUninterruptedOne(int asked) {
        TinyRun.End whole = run("whole").end(vectors());
        assertThatThrownBy(() -> run("stopped").stoppedAt(asked).end(vectors())).isInstanceOf(Interrupted.class);
        TinyRun.End resumed = run("stopped").end(vectors());
        assertThat(resumed.weights()).isEqualTo(whole.weights());
    }

    @Test
    void theHeadIsNoPartOfIt() {
        assertThat(vectors().weights()).doesNotContainKeys("classifier.weight", "classifier.bias");
        for (Array weight : vectors().weights().values()) {
            assertThat(weight.elements()).isPositive();
        }
    }

    @Test
    void anEpochOverFewRowsHasTenBatchesAllTheSame() {
        TokenRows rows = TokenRows.random(30, 1);
        var contrast = new Objective.Contrast(0.1, 2);
        List<int[]> batches = contrast.batches(rows, 16, 5);
        assertThat(batches).hasSize(10);
        assertThat(contrast.batches(rows, 16, 5)).usingRecursiveComparison().isEqualTo(batches);
        long[] labels = rows.targets(IntStream.range(0, 30).toArray()).longs();
        for (int[] batch : batches) {
            long classes =
                    IntStream.of(batch).mapToLong(row -> labels[row]).distinct().count();
            assertThat(classes).isLessThan(batch.length);
        }
        assertThat(contrast.batches(TokenRows.random(300, 1), 16, 5).stream().mapToInt(batch -> batch.length))
                .as("every row once where there are more")
                .satisfies(sizes ->
                        assertThat(sizes.stream().mapToInt(i -> i).sum()).isEqualTo(300));
    }

    @Test
    void contrastNeedsPairsAndATemperature() {
        assertThatThrownBy(() -> new Objective.Contrast(0, 2)).hasMessageContaining("temperature above 0");
        assertThatThrownBy(() -> new Objective.Contrast(0.1, 1)).hasMessageContaining("2 rows of a class");
    }

    @Test
    void aLaterHistoryCountsOn() {
        History earlier = run("one").end(vectors()).history();
        History both = earlier.after(earlier);
        assertThat(both.epochs()).extracting(History.Epoch::number).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(both.bestEpoch()).isEqualTo(earlier.bestEpoch() + EPOCHS);
        assertThat(both.steps()).isEqualTo(2 * earlier.steps());
    }
}
