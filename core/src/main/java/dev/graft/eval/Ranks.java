package dev.graft.eval;

import java.util.Arrays;
import java.util.Comparator;

/** Correlations of two columns of numbers whose rows count more than once or not at all. */
final class Ranks {
    private final Integer[] order;
    private final double[] values;
    private final double[] ranks;

    Ranks(double[] values) {
        this.values = values;
        this.ranks = new double[values.length];
        this.order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> values[row]));
    }

    /** The rank of each row, of equal values the mean of theirs; overwritten by the next call. */
    double[] of(int[] counts) {
        double below = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            double tied = 0;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                tied += counts[order[to++]];
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = below + (tied + 1) / 2;
            }
            below += tied;
            from = to;
        }
        return ranks;
    }

    /** Pearson's correlation; 0 where a column is constant. */
    static double correlation(double[] one, double[] other, int[] counts) {
        double rows = 0;
        double meanOne = 0;
        double meanOther = 0;
        for (int i = 0; i < counts.length; i++) {
            rows += counts[i];
            meanOne += counts[i] * one[i];
            meanOther += counts[i] * other[i];
        }
        meanOne /= rows;
        meanOther /= rows;
        double both = 0;
        double squareOne = 0;
        double squareOther = 0;
        for (int i = 0; i < counts.length; i++) {
            double offOne = one[i] - meanOne;
            double offOther = other[i] - meanOther;
            both += counts[i] * offOne * offOther;
            squareOne += counts[i] * offOne * offOne;
            squareOther += counts[i] * offOther * offOther;
        }
        double deviations = Math.sqrt(squareOne) * Math.sqrt(squareOther);
        return deviations > 0 ? Math.max(-1, Math.min(1, both / deviations)) : 0;
    }
}
