package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;

/**
 * How two classifiers differ in accuracy on the same rows.
 *
 * @param difference the first one's accuracy less the second's, with the 95 % interval of a paired bootstrap
 * @param onlyFirst rows that only the first one gets right
 * @param onlySecond rows that only the second one gets right
 * @param verdict what the interval shows
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Comparison(Estimate difference, int onlyFirst, int onlySecond, Verdict verdict) {

    /**
     * Compares two classifiers row by row: rows are drawn with replacement, each with both answers.
     *
     * @throws IllegalArgumentException when the two are not about the same rows
     */
    public static Comparison paired(Predictions first, Predictions second, long seed) {
        if (!first.labels().equals(second.labels()) || !Arrays.equals(first.expected(), second.expected())) {
            throw new IllegalArgumentException("The predictions to compare are not about the same rows and classes");
        }
        int[] gain = new int[first.rows()];
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int row = 0; row < gain.length; row++) {
            boolean firstRight = first.predicted(row) == first.expected()[row];
            boolean secondRight = second.predicted(row) == second.expected()[row];
            gain[row] = (firstRight ? 1 : 0) - (secondRight ? 1 : 0);
            onlyFirst += gain[row] > 0 ? 1 : 0;
            onlySecond += gain[row] < 0 ? 1 : 0;
        }
        Estimate difference = Bootstrap.mean(gain, seed);
        return new Comparison(difference, onlyFirst, onlySecond, verdict(difference));
    }

    private static Verdict verdict(Estimate difference) {
        if (difference.low() > 0) {
            return Verdict.BETTER;
        }
        return difference.high() < 0 ? Verdict.WORSE : Verdict.WITHIN_NOISE;
    }

    /** Whether the first one is better by more than the noise. */
    public boolean clearlyBetter() {
        return verdict == Verdict.BETTER;
    }
}
