package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.bundle.Json;
import dev.graft.eval.Metric;
import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static History.Epoch epoch(double accuracy, double loss) {
        return new History.Epoch(1, "full", 0.3, loss, "accuracy", accuracy, 1e-4, 12);
    }

    @Test
    void higherAccuracyIsBetterWhateverTheLoss() {
        assertThat(epoch(0.9, 2).betterThan(epoch(0.8, 1), BestMetric.USUAL)).isTrue();
        assertThat(epoch(0.8, 1).betterThan(epoch(0.9, 2), BestMetric.USUAL)).isFalse();
    }

    @Test
    void lowerLossDecidesBetweenEqualAccuracies() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, 2), BestMetric.USUAL)).isTrue();
        assertThat(epoch(0.9, 2).betterThan(epoch(0.9, 1), BestMetric.USUAL)).isFalse();
    }

    @Test
    void anEqualEpochIsNotBetter() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, 1), BestMetric.USUAL)).isFalse();
    }

    @Test
    void aLossThatIsNoNumberIsTheWorst() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, Double.NaN), BestMetric.USUAL))
                .isTrue();
        assertThat(epoch(0.9, Double.NaN).betterThan(epoch(0.9, 1), BestMetric.USUAL))
                .isFalse();
    }

    @Test
    void byItsLossAnEpochMayBeBetterThanAMoreAccurateOne() {
        assertThat(epoch(0.8, 1).betterThan(epoch(0.9, 2), BestMetric.LOSS)).isTrue();
        assertThat(epoch(0.9, 2).betterThan(epoch(0.8, 1), BestMetric.LOSS)).isFalse();
        assertThat(epoch(0.9, 1).betterThan(epoch(0.8, 1), BestMetric.LOSS)).isTrue();
        assertThat(epoch(0.9, 1).betterThan(epoch(0.8, Double.NaN), BestMetric.LOSS))
                .isTrue();
    }

    @Test
    void ofAnErrorLessIsBetter() {
        Metric error = BestMetric.named("rmse").of(TargetKind.REGRESSION);
        Validation.Result small = new Validation.Result(error, 0.5, 3);
        Validation.Result large = new Validation.Result(error, 0.7, 1);
        assertThat(BestMetric.named("rmse").prefers(small, large)).isTrue();
        assertThat(BestMetric.named("rmse").prefers(large, small)).isFalse();
        assertThat(BestMetric.named("rmse").prefers(small, new Validation.Result(error, Double.NaN, 1)))
                .isTrue();
    }

    @Test
    void everyScoreOfATaskMayChoose() {
        for (TargetKind kind : TargetKind.values()) {
            assertThat(BestMetric.USUAL.of(kind)).isEqualTo(kind.metrics().get(0));
            assertThat(BestMetric.LOSS.of(kind)).isEqualTo(kind.metrics().get(0));
            assertThat(kind.metrics())
                    .allSatisfy(metric ->
                            assertThat(BestMetric.named(metric.key()).of(kind)).isEqualTo(metric));
        }
        assertThatThrownBy(() -> BestMetric.named("macro_f").of(TargetKind.ORDINAL))
                .hasMessage(
                        "--metric-for-best-model must be one of loss, quadratic_weighted_kappa, mae, accuracy, spearman,"
                                + " log_loss for --task ordinal, not 'macro_f'");
    }

    /** Scores of three rows of classes 0, 0 and 1, worked out by hand: F1 of 0.8 and 0 where all are said to be 0. */
    @Test
    void validationTellsTheScoreThatWasAskedFor() {
        float[][] logits = {{1, 0}, {2, 0}, {3, 0}};
        Truth truth = new Truth.Classes(new int[] {0, 0, 1});
        Validation.Result result =
                TargetValidation.result(TargetKind.SINGLE_LABEL, Metric.named("macro_f1"), 2, truth, logits);
        assertThat(result.value()).isEqualTo(0.4);
        assertThat(result.metric().key()).isEqualTo("macro_f1");
        double loss = (Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(3))) / 3;
        assertThat(result.logLoss()).isCloseTo(loss, org.assertj.core.api.Assertions.within(1e-6));
    }

    @Test
    void aRunThatHasNotBegunHasNoBestEpoch() {
        assertThat(History.NONE.best()).isEmpty();
        assertThat(new History(List.of(epoch(0.9, 1)), 1, 6, false).best()).contains(epoch(0.9, 1));
    }

    @Test
    void progressSurvivesItsTextToTheLastBit() {
        Progress progress = Progress.START
                .afterStep(16, 1.0 / 3, 0.1)
                .afterStep(16, Math.nextUp(2.5), 0.2)
                .afterEpoch(new History(List.of(epoch(0.1 + 0.2, Math.E)), 1, 2, false))
                .afterStep(5, Math.PI, 1e-9);
        byte[] text = Json.text(progress).getBytes(StandardCharsets.UTF_8);
        assertThat(Json.parse(text, "progress", Progress.class)).isEqualTo(progress);
    }
}
