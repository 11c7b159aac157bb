package dev.graft.predict;

import java.util.List;

/**
 * How long a batch takes on this machine: {@code fixed + token · rows · length + pair · rows · length²}, where the last
 * term is attention's.
 *
 * @param fixed nanoseconds a batch
 * @param token nanoseconds a padded token
 * @param pair nanoseconds a pair of padded tokens of one row
 */
public record CostModel(double fixed, double token, double pair) {
    private static final int TERMS = 3;

    /**
     * One batch that was timed.
     *
     * @param length of the longest row, to which the others are padded
     */
    public record Timing(int rows, int length, double nanos) {}

    public CostModel {
        if (!(fixed >= 0 && token >= 0 && pair >= 0)) {
            throw new IllegalArgumentException("Costs must be 0 or more: " + fixed + ", " + token + ", " + pair);
        }
    }

    /** Nanoseconds of a batch. */
    public double nanos(int rows, int length) {
        return fixed + rows * (length * token + (double) length * length * pair);
    }

    /** Nanoseconds that a row adds to a batch that is already under way. */
    public double rowNanos(int length) {
        return nanos(1, length) - fixed;
    }

    /**
     * The model with the least sum of squared relative errors; no term is negative.
     *
     * @param timings one or more
     */
    public static CostModel fitted(List<Timing> timings) {
        CostModel best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int terms = 1; terms < 1 << TERMS; terms++) {
            double[] costs = LeastSquares.relative(timings, terms);
            double error = error(timings, costs);
            if (error < least) {
                least = error;
                best = new CostModel(costs[0], costs[1], costs[2]);
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("No cost can be fitted to " + timings);
        }
        return best;
    }

    private static double error(List<Timing> timings, double[] costs) {
        double sum = 0;
        for (double cost : costs) {
            if (!(cost >= 0)) {
                return Double.POSITIVE_INFINITY;
            }
        }
        var model = new CostModel(costs[0], costs[1], costs[2]);
        for (Timing timing : timings) {
            double relative = model.nanos(timing.rows(), timing.length()) / timing.nanos() - 1;
            sum += relative * relative;
        }
        return sum;
    }

    /** What {@link CostModel#nanos} multiplies with its three costs. */
    static double[] terms(int rows, int length) {
        return new double[] {1, (double) rows * length, (double) rows * length * length};
    }
}
