package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    /** The bootstrap's spread of 1,000 resamples around the normal approximation. */
    private static final double RESAMPLING = 0.01;

    @Test
    void aClearGainIsBetterAndItsMirrorWorse() {
        Predictions good = answers(200, 20);
        Predictions poor = answers(200, 80);

        assertThat(Comparison.paired(good, poor, 42).verdict()).isEqualTo(Verdict.BETTER);
        assertThat(Comparison.paired(good, poor, 42).clearlyBetter()).isTrue();
        assertThat(Comparison.paired(poor, good, 42).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void oneRowOfTwoHundredIsWithinTheNoise() {
        assertThat(Comparison.paired(answers(200, 20), answers(200, 21), 42).verdict())
                .isEqualTo(Verdict.WITHIN_NOISE);
    }

    @Test
    void twiceTheSamePredictionsDifferByNothing() {
        Predictions predictions = answers(50, 10);

        assertThat(Comparison.paired(predictions, predictions, 42).difference()).isEqualTo(new Estimate(0, 0, 0));
    }

    /** An unpaired comparison would be four times as wide here and see nothing. */
    @Test
    void theIntervalIsThatOfPairedDifferences() {
        Comparison comparison = Comparison.paired(answers(400, 100), answers(400, 120), 42);

        double share = 20 / 400.0;
        double half = 1.96 * Math.sqrt(share * (1 - share) / 400);
        assertThat(comparison.onlyFirst()).isEqualTo(20);
        assertThat(comparison.onlySecond()).isZero();
        assertThat(comparison.difference().value()).isEqualTo(share);
        assertThat(comparison.difference().low()).isEqualTo(share - half, within(RESAMPLING));
        assertThat(comparison.difference().high()).isEqualTo(share + half, within(RESAMPLING));
    }

    @Test
    void refusesPredictionsAboutOtherRows() {
        assertThatThrownBy(() -> Comparison.paired(answers(10, 1), answers(11, 1), 42))
                .hasMessageContaining("not about the same rows");
    }

    @Test
    void theHeadlineSaysWhenTheBaselineIsNotBeaten() {
        assertThat(headline(answers(200, 20), answers(200, 21)))
                .startsWith("The tuned model does not beat the baseline (n-grams, 89.5 %) by more than the noise");
        assertThat(headline(answers(200, 20), answers(200, 80)))
                .startsWith("The tuned model reaches 90.0 % accuracy on 200 rows and beats the baseline"
                        + " (n-grams, 60.0 %): difference +30.0 points");
        assertThat(headline(answers(200, 80), answers(200, 20)))
                .startsWith("The tuned model is worse than the baseline (n-grams, 90.0 %)");
    }

    @Test
    void theHeadlineSpeaksOfTheBestBaseline() {
        ScoreSheet sheet = ScoreSheet.of(
                answers(200, 20), Map.of("majority class", answers(200, 150), "n-grams", answers(200, 80)), 42);

        assertThat(sheet.headline()).contains("(n-grams, 60.0 %)");
        assertThat(sheet.comparisons()).containsOnlyKeys("majority class", "n-grams");
    }

    @Test
    void aSheetWithoutBaselinesStillHasAHeadline() {
        assertThat(ScoreSheet.of(answers(10, 1), Map.of(), 42).headline())
                .isEqualTo("The tuned model reaches 90.0 % accuracy on 10 rows.");
    }

    @Test
    void aSheetKeepsItsValuesInJson() throws Exception {
        ScoreSheet sheet = ScoreSheet.of(answers(20, 2), Map.of("n-grams", answers(20, 4)), 42);
        var mapper = new ObjectMapper();

        assertThat(mapper.readValue(mapper.writeValueAsString(sheet), ScoreSheet.class))
                .isEqualTo(sheet);
    }

    private static String headline(Predictions tuned, Predictions baseline) {
        return ScoreSheet.of(tuned, Map.of("n-grams", baseline), 42).headline();
    }

    /** Two classes; the first rows are answered wrongly. */
    private static Predictions answers(int rows, int wrong) {
        int[] expected = new int[rows];
        float[][] probabilities = new float[rows][];
        for (int row = 0; row < rows; row++) {
            expected[row] = row % 2;
            boolean answersFirst = (expected[row] == 0) == (row >= wrong);
            probabilities[row] = answersFirst ? new float[] {0.9f, 0.1f} : new float[] {0.1f, 0.9f};
        }
        return new Predictions(List.of("no", "yes"), expected, probabilities);
    }
}
