package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/** What the metrics of ordered classes follow from: how often each class was answered for each. */
final class OrdinalSums implements Sums {
    private final int[] expected;
    private final int[] predicted;
    private final int classes;
    private final Tally tally;
    private final int[] counts;
    private final double[] trueRank;
    private final double[] saidRank;
    private final Ranks trueRanks;
    private final Ranks saidRanks;
    private int rows;

    OrdinalSums(Predictions predictions) {
        this.expected = predictions.expected();
        this.predicted = predictions.predicted();
        this.classes = predictions.classes();
        this.tally = new Tally(predictions);
        this.counts = new int[classes * classes];
        this.trueRank = new double[counts.length];
        this.saidRank = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            trueRank[i] = i / classes;
            saidRank[i] = i % classes;
        }
        this.trueRanks = new Ranks(trueRank);
        this.saidRanks = new Ranks(saidRank);
    }

    /** The sums that do without the order. */
    Tally tally() {
        return tally;
    }

    @Override
    public List<Metric> metrics() {
        return Metric.OF_ORDER;
    }

    @Override
    public void clear() {
        Arrays.fill(counts, 0);
        tally.clear();
        rows = 0;
    }

    @Override
    public void add(int row) {
        counts[expected[row] * classes + predicted[row]]++;
        tally.add(row);
        rows++;
    }

    @Override
    public double[] values() {
        double distance = 0;
        for (int i = 0; i < counts.length; i++) {
            distance += counts[i] * Math.abs(trueRank[i] - saidRank[i]);
        }
        return new double[] {
            primary(),
            distance / rows,
            tally.accuracy(),
            Ranks.correlation(trueRanks.of(counts), saidRanks.of(counts), counts),
            tally.logLoss()
        };
    }

    /** Cohen's kappa with quadratic weights (Cohen 1968); 1 where all rows have one class and one answer, the same. */
    @Override
    public double primary() {
        double[] ofTruth = new double[classes];
        double[] ofAnswers = new double[classes];
        for (int i = 0; i < counts.length; i++) {
            ofTruth[i / classes] += counts[i];
            ofAnswers[i % classes] += counts[i];
        }
        double observed = 0;
        double chance = 0;
        for (int i = 0; i < counts.length; i++) {
            double square = (trueRank[i] - saidRank[i]) * (trueRank[i] - saidRank[i]);
            observed += square * counts[i];
            chance += square * ofTruth[i / classes] * ofAnswers[i % classes] / rows;
        }
        return chance == 0 ? 1 : 1 - observed / chance;
    }
}
