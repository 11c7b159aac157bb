package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostModelTest {
    private static final int[][] SHAPES = {{1, 8}, {1, 32}, {8, 16}, {4, 64}, {1, 128}, {16, 24}};

    @TempDir
    Path folder;

    private static List<CostModel.Timing> timings(CostModel truth, double noise) {
        var random = new Random(20261121);
        var timings = new ArrayList<CostModel.Timing>();
        for (int[] shape : SHAPES) {
            double nanos = truth.nanos(shape[0], shape[1]) * (1 + noise * (2 * random.nextDouble() - 1));
            timings.add(new CostModel.Timing(shape[0], shape[1], nanos));
        }
        return timings;
    }

    @Test
    void exactTimingsGiveTheCostsBack() {
        var truth = new CostModel(400_000, 90_000, 25);
        CostModel fitted = CostModel.fitted(timings(truth, 0));
        assertThat(fitted.fixed()).isCloseTo(truth.fixed(), within(1.0));
        assertThat(fitted.token()).isCloseTo(truth.token(), within(1e-3));
        assertThat(fitted.pair()).isCloseTo(truth.pair(), within(1e-3));
    }

    @Test
    void noisyTimingsGiveCostsNearby() {
        var truth = new CostModel(400_000, 90_000, 25);
        CostModel fitted = CostModel.fitted(timings(truth, 0.1));
        for (int[] shape : SHAPES) {
            double expected = truth.nanos(shape[0], shape[1]);
            assertThat(fitted.nanos(shape[0], shape[1])).isCloseTo(expected, within(0.2 * expected));
        }
    }

    @Test
    void noCostIsNegativeWhateverWasMeasured() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var timings = new ArrayList<CostModel.Timing>();
            for (int[] shape : SHAPES) {
                timings.add(new CostModel.Timing(shape[0], shape[1], 1 + random.nextInt(1_000_000)));
            }
            CostModel fitted = CostModel.fitted(timings);
            assertThat(fitted.nanos(1, 1)).isPositive();
        }
    }

    @Test
    void timingsThatDoNotTellTermsApartStillGiveAModel() {
        CostModel fitted = CostModel.fitted(List.of(new CostModel.Timing(2, 10, 5_000)));
        assertThat(fitted.nanos(2, 10)).isCloseTo(5_000, within(1e-3));
    }

    @Test
    void aRowCostsWhatItAddsToABatch() {
        var cost = new CostModel(1_000, 10, 1);
        assertThat(cost.rowNanos(5)).isEqualTo(75);
        assertThat(cost.nanos(3, 5) + cost.rowNanos(5)).isEqualTo(cost.nanos(4, 5));
    }

    @Test
    void negativeCostsAreRefused() {
        assertThatThrownBy(() -> new CostModel(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CostModel(0, Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRealModelIsMeasured() throws IOException {
        try (TextModel model = TextModel.open(TinyBundle.write(folder), new PredictorSettings(1, 4, true))) {
            CostModel cost =
                    CostMeasurement.of(model, model.encode(List.of("card lost")).get(0));
            assertThat(cost.nanos(1, 8)).isBetween(100.0, 1e9);
        }
    }
}
