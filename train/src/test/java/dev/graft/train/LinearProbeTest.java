package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import dev.graft.task.Softmax;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    /** How far two searches for one minimum may end apart, in probability. */
    private static final Offset<Float> SEARCH = Offset.offset(2e-3f);

    private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);

    private static final Probe STANDARD = new Probe(List.of(0.01, 0.03, 0.1, 0.3, 1.0), 3, 1);

    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);

    private static LinearProbe.Solution solve(Probe probe, Array features, int[] labels, int classes) {
        return new LinearProbe(probe, SETTINGS, features, labels, classes).solve(42);
    }

    private static float[] probabilities(LinearProbe.Solution solution, float[] row) {
        float[] weight = solution.weight().floats();
        float[] logits = solution.bias().floats();
        for (int k = 0; k < logits.length; k++) {
            for (int j = 0; j < row.length; j++) {
                logits[k] += weight[k * row.length + j] * row[j];
            }
        }
        return Softmax.of(logits);
    }

    /** Recorded by {@code tools/record_probe.py}. */
    @Test
    void theHeadSaysOfRawFeaturesWhatScikitLearnSaysOfStandardisedOnes() throws IOException {
        JsonNode recorded;
        try (InputStream file = LinearProbeTest.class.getResourceAsStream("/probe/probe.json")) {
            recorded = new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
        int rows = recorded.get("features").size();
        int width = recorded.get("features").get(0).size();
        float[] features = new float[rows * width];
        int[] labels = new int[rows];
        for (int i = 0; i < features.length; i++) {
            features[i] = recorded.get("features").get(i / width).get(i % width).floatValue();
        }
        for (int i = 0; i < rows; i++) {
            labels[i] = recorded.get("labels").get(i).intValue();
        }
        for (JsonNode fitted : recorded.get("cases")) {
            Probe probe = new Probe(List.of(fitted.get("strength").doubleValue()), 3, 1);
            LinearProbe.Solution solution = solve(probe, Array.of(features, rows, width), labels, 3);
            for (int i = 0; i < rows; i++) {
                float[] row = java.util.Arrays.copyOfRange(features, i * width, (i + 1) * width);
                float[] expected = new float[3];
                for (int k = 0; k < 3; k++) {
                    expected[k] = fitted.get("probabilities").get(i).get(k).floatValue();
                }
                assertThat(probabilities(solution, row)).containsExactly(expected, SEARCH);
            }
        }
    }

    /** Two labels apart in one column of four; the others are noise, so a strong penalty does better than none. */
    private static Array noisy(int rows, int width, int[] labels) {
        Random random = new Random(3);
        float[] features = new float[rows * width];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian() + (i % width == 0 ? 2 * labels[i / width] : 0);
        }
        return Array.of(features, rows, width);
    }

    private static int[] alternating(int rows) {
        int[] labels = new int[rows];
        java.util.Arrays.setAll(labels, row -> row % 2);
        return labels;
    }

    @Test
    void crossValidationChoosesAPenaltyThatHelpsNewRows() {
        int[] labels = alternating(60);
        LinearProbe.Solution solution = solve(new Probe(List.of(0.01, 100.0), 5, 1), noisy(60, 40, labels), labels, 2);
        assertThat(solution.strength()).isEqualTo(0.01);
        assertThat(solution.validation().value()).isBetween(0.6, 0.99);
        assertThat(solution.trainLoss()).isLessThan(solution.validation().logLoss());
    }

    /** Rows that tell nothing, and stand-ins that tell all. */
    @Test
    void rowsBehindTheOthersAreLearnedWhereThatHelps() {
        int rows = 12;
        Random random = new Random(5);
        float[] features = new float[(rows + 2) * 20];
        int[] labels = alternating(rows + 2);
        for (int i = 0; i < features.length; i++) {
            int row = i / 20;
            double signal = i % 20 < 10 ? 1.5 * (2 * labels[row] - 1) : 0;
            features[i] = (float) (signal + (row < rows ? 4 * random.nextGaussian() : 0));
        }
        Array all = Array.of(features, rows + 2, 20);
        Array without = Array.of(java.util.Arrays.copyOf(features, rows * 20), rows, 20);
        LinearProbe.Solution alone = solve(Probe.UNIT, without, java.util.Arrays.copyOf(labels, rows), 2);
        LinearProbe.Solution with = new LinearProbe(Probe.UNIT, SETTINGS, all, labels, rows, 2).solve(42);
        assertThat(with.validation().value()).isGreaterThan(alone.validation().value());
    }

    /** The share that was put right is a number of the drawn rows; the loss is that of all. */
    @Test
    void manyRowsAreLearnedAndSomeOfThemTellStrengthsApart() {
        int rows = LinearProbe.ENOUGH_ROWS + 4_321;
        int[] labels = alternating(rows);
        Array features = noisy(rows, 3, labels);
        LinearProbe.Solution solution = solve(Probe.UNIT, features, labels, 2);
        double right = solution.validation().value() * LinearProbe.ENOUGH_ROWS;
        assertThat(right).isCloseTo(Math.rint(right), Offset.offset(1e-6));
        assertThat(solution.validation().value()).isBetween(0.82, 0.86);
        LinearProbe.Solution same = new LinearProbe(
                        new Probe(List.of(solution.strength()), 2, 1), SETTINGS, features, labels, 2)
                .fit(solution.strength());
        assertThat(solution.trainLoss()).isCloseTo(same.trainLoss(), Offset.offset(1e-5));
    }

    @Test
    void theNumbersOfDrawnRowsTellStrengthsApartToo() {
        int rows = LinearProbe.ENOUGH_ROWS + 1_000;
        Array features = noisy(rows, 3, alternating(rows));
        double[] numbers = new double[rows];
        java.util.Arrays.setAll(numbers, row -> row % 2 == 0 ? 3 : 7);
        var goal = new NumberGoal(numbers, new dev.graft.task.Regression.Scale(5, 2));
        LinearProbe.Solution solution = new LinearProbe(Probe.UNIT, SETTINGS, features, goal).solve(42);
        float[][] said = goal.answers(solution.logits(features));
        double off = java.util.stream.IntStream.range(0, rows)
                .mapToDouble(row -> Math.pow(said[row][0] - numbers[row], 2))
                .average()
                .orElseThrow();
        assertThat(off).isLessThan(2.1); // 4 without a head, 2 with the best that is linear
    }

    @Test
    void moreThanAnArrayHoldsIsRefused() {
        HeadProbe.requireRoom(349_525, 1_536);
        assertThatThrownBy(() -> HeadProbe.requireRoom(349_526, 1_536))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("draw 349525 of them or fewer: --max-train-samples");
    }

    @Test
    void oneScaleForAllColumnsKeepsTheirProportions() {
        Array features = Array.of(new float[] {0, 0, 4, 2, 0, 2, 4, 0}, 4, 2);
        Standardised scaled = Standardised.of(features);
        assertThat(scaled.deviation()).isEqualTo(Math.sqrt((4 + 1) / 2.0));
        assertThat(scaled.mean()).containsExactly(2.0, 1.0);
        double root = Math.sqrt(2.5);
        assertThat(scaled.values().floats())
                .usingComparatorWithPrecision((float) 1e-6)
                .containsExactly(
                        (float) (-2 / root),
                        (float) (-1 / root),
                        (float) (2 / root),
                        (float) (1 / root),
                        (float) (-2 / root),
                        (float) (1 / root),
                        (float) (2 / root),
                        (float) (-1 / root));
    }

    @Test
    void aSolutionGivesTheLogitsOfOtherRows() {
        LinearProbe.Solution solution = new LinearProbe.Solution(
                Array.of(new float[] {1, 2, 3, 4}, 2, 2),
                Array.of(new float[] {10, 20}, 2),
                1,
                0,
                new Validation.Result(0, 0));
        assertThat(solution.logits(Array.of(new float[] {1, 1, 0, 2}, 2, 2)))
                .isDeepEqualTo(new float[][] {{13, 27}, {14, 28}});
    }

    @Test
    void theSameSeedGivesTheSameHead() {
        int[] labels = alternating(40);
        Array features = noisy(40, 10, labels);
        assertThat(solve(STANDARD, features, labels, 2)).isEqualTo(solve(STANDARD, features, labels, 2));
    }

    @Test
    void aColumnOfOneValueHarmsNothing() {
        int[] labels = alternating(8);
        float[] features = new float[16];
        for (int i = 0; i < 8; i++) {
            features[2 * i] = 7;
            features[2 * i + 1] = labels[i];
        }
        LinearProbe.Solution solution = solve(STANDARD, Array.of(features, 8, 2), labels, 2);
        assertThat(solution.weight().floats()).doesNotContain(Float.NaN);
        assertThat(probabilities(solution, new float[] {7, 1})[1]).isGreaterThan(0.5f);
    }

    /** What rounding leaves of a column follows the label here; scaled up, it would take weights of millions. */
    @Test
    void whatRoundingLeavesOfAColumnIsNotLearned() {
        int[] labels = alternating(40);
        float[] features = noisy(40, 2, labels).floats();
        for (int i = 0; i < labels.length; i++) {
            features[2 * i + 1] = 3 + labels[i] * Math.ulp(3f);
        }
        Array rounded = Array.of(features, 40, 2);
        for (float weight : solve(STANDARD, rounded, labels, 2).weight().floats()) {
            assertThat(Math.abs(weight)).isLessThan(10);
        }
    }

    @Test
    void aTemperatureDividesTheLogits() {
        int[] labels = alternating(40);
        Array features = noisy(40, 10, labels);
        LinearProbe.Solution one = solve(Probe.UNIT, features, labels, 2);
        Probe cooler = new Probe(Probe.UNIT.strengths(), Probe.UNIT.folds(), 4);
        LinearProbe.Solution other = solve(cooler, features, labels, 2);
        assertThat(other.validation()).isEqualTo(one.validation());
        float[][] expected = one.logits(features);
        float[][] logits = other.logits(features);
        for (int row = 0; row < expected.length; row++) {
            for (int k = 0; k < expected[row].length; k++) {
                assertThat(logits[row][k]).isCloseTo(expected[row][k] / 4, ROUNDING);
            }
        }
    }

    @Test
    void aLabelWithOneRowIsLearnedAllTheSame() {
        int[] labels = {0, 0, 0, 1, 1, 1, 2};
        float[] features = {0, 0.1f, 0.2f, 5, 5.1f, 5.2f, -9};
        LinearProbe.Solution solution = solve(STANDARD, Array.of(features, 7, 1), labels, 3);
        assertThat(solution.validation().value()).isLessThan(1);
        float[] said = probabilities(solution, new float[] {-9});
        assertThat(said[2]).isGreaterThan(said[1]);
    }

    @Test
    void oneRowALabelIsTooFewForFolds() {
        assertThatThrownBy(() -> solve(STANDARD, Array.of(new float[] {1, 2, 3}, 3, 1), new int[] {0, 1, 2}, 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("each of the 3 labels has 1");
    }

    @Test
    void wrongProbesAreRefused() {
        assertThatThrownBy(() -> new Probe(List.of(), 3, 1)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> new Probe(List.of(1.0, -1.0), 3, 1)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> new Probe(List.of(1.0), 1, 1)).hasMessageContaining("2 folds or more");
        assertThatThrownBy(() -> new Probe(List.of(1.0), 3, 0)).hasMessageContaining("temperature above 0");
    }
}
