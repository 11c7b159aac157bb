package dev.graft.train;

import java.util.Locale;

/** By what validation tells which of two sets of weights is the better one. */
public enum BestMetric {
    /** Higher accuracy, then lower loss. */
    ACCURACY,

    /** Lower loss, then higher accuracy. */
    LOSS;

    /** Whether one is better than another. */
    boolean prefers(Validation.Result one, Validation.Result other) {
        int byAccuracy = Double.compare(one.accuracy(), other.accuracy());
        int byLoss = Double.compare(other.logLoss(), one.logLoss());
        int first = this == ACCURACY ? byAccuracy : byLoss;
        return first > 0 || first == 0 && (this == ACCURACY ? byLoss : byAccuracy) > 0;
    }

    /** What the command line calls so. */
    public static BestMetric named(String name) {
        return Spelled.named(values(), name, "--metric-for-best-model");
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
