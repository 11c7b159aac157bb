package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivergenceTest {
    private static final float OVERFLOWS_IN_THE_PRODUCT = 3e38f;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(floats = {OVERFLOWS_IN_THE_PRODUCT, Float.POSITIVE_INFINITY, Float.NaN})
    void aLossThatIsNoNumberStopsTheRunAndNamesTheRows(float weight) {
        assertThatThrownBy(() -> run().end(with(weight)))
                .isInstanceOfSatisfying(
                        GraftException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(1).isNotEqualTo(new InputException("").exitCode()))
                .hasMessageContaining("The loss is ")
                .hasMessageContaining("rows.csv, line ")
                .hasMessageContaining("and 11 more")
                .hasMessageContaining(folder.resolve("state.safetensors").toString())
                .hasMessageContaining("a lower --learning-rate");
    }

    @Test
    void theWeightsBeforeTheFailingStepAreKept() {
        Map<String, Array> before = new LinkedHashMap<>();
        TinyRun run = run().on(failingAt(3));
        assertThatThrownBy(run::end).hasMessageContaining("The loss is NaN");
        assertThatThrownBy(() -> TinyRun.of(TinyRun.policy(1), folder.resolve("same"))
                        .stoppedAt(3)
                        .end())
                .isInstanceOf(Interrupted.class);
        before.putAll(arrays(folder.resolve("same/state.safetensors")));
        assertThat(arrays(folder.resolve("state.safetensors"))).isEqualTo(before);
    }

    @Test
    void theRunGoesOnFromThereOnceTheCauseIsGone() {
        assertThatThrownBy(run().on(failingAt(3))::end).isInstanceOf(Diverged.class);
        TinyRun.End resumed = run().end();
        TinyRun.End whole =
                TinyRun.of(TinyRun.policy(1), folder.resolve("same")).end();
        assertThat(resumed.weights()).isEqualTo(whole.weights());
    }

    @Test
    void hugeGradientsAreClippedAndTrainingGoesOn() {
        float large = 1e4f;
        TinyRun.End end = run().end(with(large));
        assertThat(end.history().epochs().get(0).trainLoss()).isFinite();
    }

    private TinyRun run() {
        return TinyRun.of(TinyRun.policy(1), folder);
    }

    private static Map<String, Array> arrays(Path file) {
        return Safetensors.read(file).arrays();
    }

    /** The graph with one value in every place of the head's weight. */
    private static Graph with(float value) {
        Graph graph = TinyRun.graph();
        Array weight = Objects.requireNonNull(graph.weights().get(ClassifierHead.WEIGHT));
        float[] values = weight.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] < 0 ? -value : value;
        }
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.put(ClassifierHead.WEIGHT, Array.of(values, weight.shape()));
        return graph.withWeights(weights);
    }

    /** Rows whose targets make the loss no number after some batches: no row counts, so its mean is 0 / 0. */
    private static Rows failingAt(int batch) {
        TokenRows rows = TokenRows.random(90, 1);
        int[] asked = {0};
        return new Rows() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public int[] lengths() {
                return rows.lengths();
            }

            @Override
            public Map<String, Array> inputs(int[] numbers) {
                return rows.inputs(numbers);
            }

            @Override
            public Array targets(int[] numbers) {
                long[] ignored = new long[numbers.length];
                java.util.Arrays.fill(ignored, -100);
                return asked[0]++ == batch ? Array.of(ignored, numbers.length) : rows.targets(numbers);
            }

            @Override
            public String name(int row) {
                return rows.name(row);
            }
        };
    }
}
