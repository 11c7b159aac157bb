package dev.graft.eval;

import java.util.Arrays;

/** Percentile bootstrap intervals (Efron 1979): the middle 95 % of a statistic over resampled rows. */
final class Bootstrap {
    static final int RESAMPLES = 1000;

    private Bootstrap() {}

    /** The mean of whole numbers, a row each. */
    static Estimate mean(int[] values, long seed) {
        return mean(Arrays.stream(values).asDoubleStream().toArray(), seed);
    }

    /** The mean of numbers, a row each. */
    static Estimate mean(double[] values, long seed) {
        var draws = new Draws(seed, values.length);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int row = 0; row < values.length; row++) {
                sum += values[draws.next()];
            }
            means[i] = sum / values.length;
        }
        return estimate(Arrays.stream(values).sum() / values.length, means);
    }

    /** How much higher the deciding metric of one model is than that of another on the same rows, drawn together. */
    static Estimate difference(Scorable first, Scorable second, long seed) {
        Sums one = Sums.of(first);
        Sums other = Sums.of(second);
        var draws = new Draws(seed, first.rows());
        double[] differences = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            one.clear();
            other.clear();
            for (int row = 0; row < first.rows(); row++) {
                int drawn = draws.next();
                one.add(drawn);
                other.add(drawn);
            }
            differences[i] = one.primary() - other.primary();
        }
        return estimate(first.primary() - second.primary(), differences);
    }

    /**
     * A value with the middle 95 % of its resampled values.
     *
     * <p>The interval is widened to hold the value where nearly all resamples lie on one side of it, as happens with the
     * calibration error, which resampling inflates.
     */
    static Estimate estimate(double value, double[] resampled) {
        double[] sorted = resampled.clone();
        Arrays.sort(sorted);
        return new Estimate(value, Math.min(value, quantile(sorted, 0.025)), Math.max(value, quantile(sorted, 0.975)));
    }

    /** A quantile of sorted values, linear between neighbours, as NumPy's default. */
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
