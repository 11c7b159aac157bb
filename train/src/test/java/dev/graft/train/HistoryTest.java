package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static History.Epoch epoch(double accuracy, double loss) {
        return new History.Epoch(1, "full", 0.3, loss, accuracy, 1e-4, 12);
    }

    @Test
    void higherAccuracyIsBetterWhateverTheLoss() {
        assertThat(epoch(0.9, 2).betterThan(epoch(0.8, 1), BestMetric.ACCURACY)).isTrue();
        assertThat(epoch(0.8, 1).betterThan(epoch(0.9, 2), BestMetric.ACCURACY)).isFalse();
    }

    @Test
    void lowerLossDecidesBetweenEqualAccuracies() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, 2), BestMetric.ACCURACY)).isTrue();
        assertThat(epoch(0.9, 2).betterThan(epoch(0.9, 1), BestMetric.ACCURACY)).isFalse();
    }

    @Test
    void anEqualEpochIsNotBetter() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, 1), BestMetric.ACCURACY)).isFalse();
    }

    @Test
    void aLossThatIsNoNumberIsTheWorst() {
        assertThat(epoch(0.9, 1).betterThan(epoch(0.9, Double.NaN), BestMetric.ACCURACY))
                .isTrue();
        assertThat(epoch(0.9, Double.NaN).betterThan(epoch(0.9, 1), BestMetric.ACCURACY))
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
