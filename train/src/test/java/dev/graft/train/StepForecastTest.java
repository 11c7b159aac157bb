package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.torch.AttentionMemory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepForecastTest {
    private static final long MIB = 1 << 20;
    private static final AttentionMemory NONE = new AttentionMemory(0, 0, 0);
    private static final StepCost COST = new StepCost(0, MIB, 0, NONE, 40 * MIB, 80 * MIB, 0.001);
    private static final StepForecast FORECAST = new StepForecast(COST, 300 * MIB, 50 * MIB);

    private static TrainingPlan.Shape shape(int rows, int tokens) {
        return new TrainingPlan.Shape(rows, tokens, 1);
    }

    private static long held(long mebibytes) {
        return Math.round(Forecast.HELD * mebibytes * MIB);
    }

    @Test
    void activationsAddToWhatIsThereAnyhow() {
        assertThat(FORECAST.of(shape(8, 16)).peak()).isEqualTo(300 * MIB + held(50 + 80 + 8 * 16 + 40));
    }

    @Test
    void whereActivationsAreFewGradientsAreTheMost() {
        assertThat(FORECAST.of(shape(1, 1)).peak()).isEqualTo(300 * MIB + held(50 + 80 + 40 + 40));
    }

    @Test
    void gatheredGradientsStandBesideActivations() {
        assertThat(FORECAST.of(new TrainingPlan.Shape(8, 16, 2)).peak())
                .isEqualTo(FORECAST.of(shape(8, 16)).peak() + held(40));
    }

    @Test
    void attentionGrowsWithTheSquareOfTheTokens() {
        var cost = new StepCost(7, 2, 3, NONE, 0, 0, 0);
        assertThat(cost.activations(5, 10)).isEqualTo(7 + 5 * (2 * 10 + 3 * 100));
    }

    @Test
    void fusedAttentionKeepsLessOfLongerTexts() {
        var cost = new StepCost(7, 2, 0, new AttentionMemory(1, 1000, 3), 0, 0, 0);
        assertThat(cost.activations(5, 10)).isEqualTo(7 + 5 * (2 * 10 + 3 * 1000 * 100));
        assertThat(cost.activations(5, 50)).isEqualTo(7 + 5 * (2 * 50 + 1000 * 2500));
        assertThat(cost.activations(5, 100)).isEqualTo(7 + 5 * 2 * 100);
    }

    @Test
    void smallerBatchesComeBeforeShorterTexts() {
        Optional<TrainingPlan.Change> change = FORECAST.change(shape(16, 16), List.of("--again"), 640 * MIB);
        assertThat(change.orElseThrow().options())
                .containsExactly("--again", "--batch-size 4", "--gradient-accumulation 4");
        assertThat(change.orElseThrow().sameResult()).isTrue();
        assertThat(change.orElseThrow().forecast().peak()).isLessThanOrEqualTo(640 * MIB);
    }

    @Test
    void whatDoesNotFitRowByRowIsCutShorter() {
        Optional<TrainingPlan.Change> change = FORECAST.change(shape(16, 512), List.of(), 740 * MIB);
        assertThat(change.orElseThrow().options())
                .containsExactly("--batch-size 1", "--gradient-accumulation 16", "--max-length 128");
        assertThat(change.orElseThrow().sameResult()).isFalse();
    }

    @Test
    void whatIsThereAnyhowCannotBeMadeSmaller() {
        assertThat(FORECAST.change(shape(16, 128), List.of(), 400 * MIB)).isEmpty();
    }

    @Test
    void lengthsAreThoseOfSortedRows() {
        assertThat(Lengths.of(new int[] {9, 3, 5, 100})).isEqualTo(new Lengths(5, 100, 100));
        assertThat(Lengths.of(new int[0])).isEqualTo(new Lengths(0, 0, 0));
    }
}
