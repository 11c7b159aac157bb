package dev.graft.eval;

import java.util.List;

/** What a model says of rows whose truth is known. */
public sealed interface Scorable permits Predictions, OrdinalPredictions, LabelPredictions, NumberPredictions {
    /** How many rows there are. */
    int rows();

    /** Whether another one is about the same rows. */
    boolean sameRows(Scorable other);

    /** How wrong the answer to a row is: 0 where it is right, the more the worse. */
    double error(int row);

    /**
     * The answers that are furthest off, the worst first.
     *
     * @param texts one a row
     */
    List<? extends Mistake> worst(List<String> texts, int limit);

    /** The score that decides: accuracy, micro F1, quadratic weighted kappa or R²; at most 1. */
    default double primary() {
        return sums().primary();
    }

    /**
     * A score.
     *
     * @throws IllegalArgumentException if answers of this kind do not have it
     */
    default double score(Metric metric) {
        Sums sums = sums();
        int place = sums.metrics().indexOf(metric);
        if (place < 0) {
            throw new IllegalArgumentException(metric + " is none of " + sums.metrics());
        }
        return sums.values()[place];
    }

    private Sums sums() {
        Sums sums = Sums.of(this);
        for (int row = 0; row < rows(); row++) {
            sums.add(row);
        }
        return sums;
    }
}
