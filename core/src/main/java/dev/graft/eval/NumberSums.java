package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/** What the metrics of a regression follow from. */
final class NumberSums implements Sums {
    private final double[] expected;
    private final double[] predicted;
    private final Ranks expectedRanks;
    private final Ranks predictedRanks;
    private final int[] counts;
    private int rows;

    NumberSums(NumberPredictions numbers) {
        this.expected = numbers.expected();
        this.predicted = numbers.predicted();
        this.expectedRanks = new Ranks(expected);
        this.predictedRanks = new Ranks(predicted);
        this.counts = new int[expected.length];
    }

    @Override
    public List<Metric> metrics() {
        return Metric.OF_NUMBERS;
    }

    @Override
    public void clear() {
        Arrays.fill(counts, 0);
        rows = 0;
    }

    @Override
    public void add(int row) {
        counts[row]++;
        rows++;
    }

    @Override
    public double[] values() {
        double absolute = 0;
        double squared = 0;
        for (int i = 0; i < counts.length; i++) {
            double off = expected[i] - predicted[i];
            absolute += counts[i] * Math.abs(off);
            squared += counts[i] * off * off;
        }
        return new double[] {
            primary(),
            absolute / rows,
            Math.sqrt(squared / rows),
            Ranks.correlation(expected, predicted, counts),
            Ranks.correlation(expectedRanks.of(counts), predictedRanks.of(counts), counts)
        };
    }

    /** R²; where all true numbers are one, 1 for answers that are all right and else 0, as in scikit-learn. */
    @Override
    public double primary() {
        double mean = 0;
        for (int i = 0; i < counts.length; i++) {
            mean += counts[i] * expected[i] / rows;
        }
        double squared = 0;
        double total = 0;
        for (int i = 0; i < counts.length; i++) {
            squared += counts[i] * (expected[i] - predicted[i]) * (expected[i] - predicted[i]);
            total += counts[i] * (expected[i] - mean) * (expected[i] - mean);
        }
        if (total == 0) {
            return squared == 0 ? 1 : 0;
        }
        return 1 - squared / total;
    }
}
