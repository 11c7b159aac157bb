package dev.graft.train;

import dev.graft.eval.Metric;
import dev.graft.run.Session;

/** Scores a network between epochs. */
@FunctionalInterface
public interface Validation {
    /** Where no rows are held out: nothing is known of an epoch, and the last one is kept. */
    Validation NONE = session -> new Result(Double.NaN, Double.NaN);

    /** The scores of the network as it stands. */
    Result score(Session session);

    /**
     * @param value of the metric; not a number where there are no rows
     * @param logLoss mean negative log probability of the right label, in nats; not a number where there are no rows
     */
    record Result(Metric metric, double value, double logLoss) {
        /** @param accuracy share of rows that are classified right, 0 to 1; not a number where there are none */
        public Result(double accuracy, double logLoss) {
            this(Metric.ACCURACY, accuracy, logLoss);
        }
    }
}
