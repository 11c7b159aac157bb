package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How two models differ on the same rows in the metric that decides: accuracy for classes.
 *
 * @param difference the first one's metric less the second's, with the 95 % interval of a paired bootstrap
 * @param onlyFirst rows that only the first one gets right, or for ordered classes, several labels and numbers less wrong
 * @param onlySecond the same for the second one
 * @param verdict what the interval shows
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Comparison(Estimate difference, int onlyFirst, int onlySecond, Verdict verdict) {

    /**
     * Compares two models row by row: rows are drawn with replacement, each with both answers.
     *
     * @throws IllegalArgumentException when the two are not about the same rows
     */
    public static Comparison paired(Scorable first, Scorable second, long seed) {
        if (!first.sameRows(second)) {
            throw new IllegalArgumentException("The predictions to compare are not about the same rows and classes");
        }
        int[] gain = new int[first.rows()];
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int row = 0; row < gain.length; row++) {
            gain[row] = Double.compare(second.error(row), first.error(row));
            onlyFirst += gain[row] > 0 ? 1 : 0;
            onlySecond += gain[row] < 0 ? 1 : 0;
        }
        Estimate difference =
                first instanceof Predictions ? Bootstrap.mean(gain, seed) : Bootstrap.difference(first, second, seed);
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
