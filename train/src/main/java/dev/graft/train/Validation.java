package dev.graft.train;

import dev.graft.run.Session;

/** Scores a network between epochs. */
@FunctionalInterface
public interface Validation {
    /** The scores of the network as it stands. */
    Result score(Session session);

    /**
     * @param accuracy share of rows that are classified right, 0 to 1
     * @param logLoss mean negative log probability of the right label, in nats
     */
    record Result(double accuracy, double logLoss) {}
}
