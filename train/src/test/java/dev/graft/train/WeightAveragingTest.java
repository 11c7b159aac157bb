package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAveragingTest {
    /** Of a mean of a few float32 numbers. */
    private static final float ROUNDING = 1e-6f;

    private static final String WEIGHT = "classifier.weight";

    @TempDir
    Path folder;

    private TinyRun run(WeightAveraging averaging, int epochs, String name) {
        Policy policy = PolicyVariant.withAveraging(TinyRun.policy(epochs), averaging);
        return TinyRun.of(policy, folder.resolve(name));
    }

    /** Scores that rise, so that the last epoch is kept. */
    private static TinyRun rising(TinyRun run) {
        int[] scored = {0};
        return run.scoredBy(session -> new Validation.Result(++scored[0] / 1000.0, 1));
    }

    private static float[] weight(TinyRun.End end) {
        return Objects.requireNonNull(end.weights().get(WEIGHT)).floats();
    }

    @Test
    void theStochasticAverageIsTheMeanOfTheLastEpochs() {
        List<float[]> ends = new ArrayList<>();
        for (int epochs = 1; epochs <= 4; epochs++) {
            ends.add(weight(rising(constant(WeightAveraging.none(), epochs)).end()));
        }
        float[] mean = weight(rising(constant(new WeightAveraging.Swa(0.5), 4)).end());
        for (int i = 0; i < mean.length; i++) {
            assertThat(mean[i]).isCloseTo((ends.get(2)[i] + ends.get(3)[i]) / 2, within(ROUNDING));
        }
    }

    /** Under a constant rate a run of fewer epochs is the beginning of a longer one. */
    private TinyRun constant(WeightAveraging averaging, int epochs) {
        Phase phase = new Phase("full", epochs, dev.graft.graph.Selector.all(), new Schedule.Constant(1e-3));
        Policy policy = PolicyVariant.withAveraging(PolicyVariant.withPhases(TinyRun.policy(1), phase), averaging);
        return TinyRun.of(policy, folder.resolve("constant" + epochs + averaging.spelled()));
    }

    @Test
    void theMovingAverageOfNoDecayIsTheWeightsThemselves() {
        assertThat(weight(rising(run(new WeightAveraging.Ema(0), 2, "ema")).end()))
                .containsExactly(
                        weight(rising(run(WeightAveraging.none(), 2, "none")).end()), within(ROUNDING));
    }

    @Test
    void theMovingAverageLagsBehind() {
        assertThat(weight(rising(run(new WeightAveraging.Ema(0.9), 2, "ema")).end()))
                .isNotEqualTo(
                        weight(rising(run(WeightAveraging.none(), 2, "none")).end()));
        WeightAveraging usual = WeightAveraging.named("ema");
        assertThat(usual.afterStep(1)).isCloseTo(1 - 2.0 / 11, within(1e-12));
        assertThat(usual.afterStep(1_000_000)).isCloseTo(0.001, within(1e-12));
    }

    @Test
    void averagesAreWhatIsScored() {
        Map<String, Array> scored = new java.util.HashMap<>();
        TinyRun.End end = run(new WeightAveraging.Ema(0.99), 1, "ema")
                .scoredBy(session -> {
                    scored.putAll(((dev.graft.torch.Network) session).weights());
                    return new Validation.Result(0.5, 1);
                })
                .end();
        assertThat(scored).isEqualTo(end.weights());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void theInterpolationIsTheOneThatValidationPrefers(double wanted) {
        Map<String, Array> before = TinyRun.graph().weights();
        float[] one = weight(rising(run(WeightAveraging.none(), 2, "none")).end());
        List<Double> points = List.of(0.0, 0.5, 1.0);
        int[] scored = {0};
        TinyRun.End end = run(new WeightAveraging.WiseFt(points), 2, "wise")
                .scoredBy(session -> {
                    int point = scored[0]++ - 2;
                    return new Validation.Result(point < 0 ? scored[0] / 10.0 : points.get(point) == wanted ? 1 : 0, 1);
                })
                .end();
        assertThat(scored[0]).isEqualTo(5);
        float[] zero = Objects.requireNonNull(before.get(WEIGHT)).floats();
        float[] kept = weight(end);
        for (int i = 0; i < kept.length; i++) {
            assertThat(kept[i]).isCloseTo((float) (zero[i] + wanted * (one[i] - zero[i])), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"swa", "ema", "wise-ft"})
    void anInterruptedRunEndsAsTheUninterruptedOne(String name) {
        WeightAveraging averaging = WeightAveraging.named(name);
        TinyRun.End whole = run(averaging, 3, "whole").end();
        for (int asked : new int[] {1, 3, 7}) {
            assertThatThrownBy(
                            () -> run(averaging, 3, "stopped").stoppedAt(asked).end())
                    .isInstanceOf(Interrupted.class);
        }
        TinyRun.End resumed = run(averaging, 3, "stopped").end();
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(resumed.history().bestEpoch()).isEqualTo(whole.history().bestEpoch());
    }

    @Test
    void theMeanOfEpochsBeginsWhereItIsAskedTo() {
        WeightAveraging half = WeightAveraging.named("swa");
        assertThat(List.of(half.afterEpoch(2, 4), half.afterEpoch(3, 4), half.afterEpoch(4, 4)))
                .containsExactly(0.0, 1.0, 0.5);
        assertThat(half.afterEpoch(1, 1)).isEqualTo(1);
    }

    @Test
    void wrongNamesNumbersAndStrategiesAreRefused() {
        assertThatThrownBy(() -> WeightAveraging.named("swaa"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must be one of none, swa, ema, wise-ft, not 'swaa'; did you mean 'swa'?");
        assertThatThrownBy(() -> new WeightAveraging.Swa(1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new WeightAveraging.Ema(1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new WeightAveraging.WiseFt(List.of(2.0))).isInstanceOf(InputException.class);
        Recipe averaged = Recipe.DEFAULT.withWeightAveraging(WeightAveraging.named("ema"));
        assertThatThrownBy(() -> Strategy.head().policy(averaged, 2, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--weight-averaging ema averages weights that are trained step by step");
    }
}
