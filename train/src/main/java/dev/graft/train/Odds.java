package dev.graft.train;

import dev.graft.eval.Estimate;

/** How probable it is that a gain over the head, a share of rows with its 95 % interval, is none. */
final class Odds {
    /** Standard errors that a gain must have for being twice as probable as a loss. */
    private static final double PROBABLE = 0.43;

    /** Standard errors that a gain must have for being four times as probable as a loss. */
    private static final double FORESEEN = 0.84;

    /** What is known before rows judge of who is favoured: it is better than any other by so much, with such an error. */
    private static final double EXPECTED = 0.02;

    private static final double EXPECTED_ERROR = 0.03;

    private static final double ERRORS_OF_AN_INTERVAL = 3.92;

    private Odds() {}

    /** Whether a gain is at least twice as probable as a loss. */
    static boolean probable(Estimate gain) {
        return errors(gain) > PROBABLE;
    }

    /** Whether a gain is at least four times as probable as a loss. */
    static boolean foreseen(Estimate gain) {
        return errors(gain) > FORESEEN;
    }

    /**
     * Whether a gain outweighs that of who is favoured and what was expected of it: the difference that rows saw and the
     * one that was expected, both normally distributed, have a mean that speaks against it. Errors of the two gains are
     * added as if they were independent, which overstates them, and half a row more is taken to speak for either side,
     * without which a few rows seem surer than they are (Agresti and Min 2005).
     *
     * @param rows that judged who is favoured
     */
    static boolean outweigh(Estimate gain, Estimate ofFavoured, int rows) {
        double seen = gain.value() - ofFavoured.value();
        double variance = variance(gain) + variance(ofFavoured) + 1.0 / rows / rows;
        return seen * EXPECTED_ERROR * EXPECTED_ERROR > EXPECTED * variance;
    }

    private static double variance(Estimate gain) {
        double error = (gain.high() - gain.low()) / ERRORS_OF_AN_INTERVAL;
        return error * error;
    }

    /** A gain in its standard errors; 0 where there is none. */
    private static double errors(Estimate gain) {
        return gain.value() > 0 ? gain.value() / Math.sqrt(variance(gain)) : 0;
    }
}
