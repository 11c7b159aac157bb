package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Scores predictions; each overall metric comes with a percentile bootstrap interval over 1,000 resamples. */
public final class Evaluation {
    private static final List<ToDoubleFunction<Tally>> METRICS = List.of(
            Tally::accuracy, Tally::macroF1, Tally::weightedF1, Tally::mcc, Tally::logLoss, Tally::calibrationError);

    private Evaluation() {}

    /** Scores predictions; the seed decides the intervals' resamples and nothing else. */
    public static Scores of(Predictions predictions, long seed) {
        var tally = new Tally(predictions);
        double[][] resampled = resample(tally, predictions.rows(), seed);
        tally.clear();
        for (int row = 0; row < predictions.rows(); row++) {
            tally.add(row);
        }
        var estimates = new ArrayList<Estimate>();
        for (int i = 0; i < METRICS.size(); i++) {
            estimates.add(Bootstrap.estimate(METRICS.get(i).applyAsDouble(tally), resampled[i]));
        }
        return new Scores(
                predictions.rows(),
                estimates.get(0),
                estimates.get(1),
                estimates.get(2),
                estimates.get(3),
                estimates.get(4),
                estimates.get(5),
                perClass(predictions.labels(), tally),
                confusions(predictions),
                calibration(tally));
    }

    private static double[][] resample(Tally tally, int rows, long seed) {
        double[][] values = new double[METRICS.size()][Bootstrap.RESAMPLES];
        var draws = new Draws(seed, rows);
        for (int i = 0; i < Bootstrap.RESAMPLES; i++) {
            tally.clear();
            for (int row = 0; row < rows; row++) {
                tally.add(draws.next());
            }
            for (int metric = 0; metric < values.length; metric++) {
                values[metric][i] = METRICS.get(metric).applyAsDouble(tally);
            }
        }
        return values;
    }

    private static List<ClassScores> perClass(List<String> labels, Tally tally) {
        var scores = new ArrayList<ClassScores>();
        for (int i = 0; i < labels.size(); i++) {
            scores.add(ClassScores.of(labels.get(i), tally.support[i], tally.answers[i], tally.correct[i]));
        }
        return scores;
    }

    private static List<Confusion> confusions(Predictions predictions) {
        List<String> labels = predictions.labels();
        int[] predicted = predictions.predicted();
        int[][] counts = new int[labels.size()][labels.size()];
        for (int row = 0; row < predicted.length; row++) {
            counts[predictions.expected()[row]][predicted[row]]++;
        }
        var confusions = new ArrayList<Confusion>();
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                if (i != j && counts[i][j] > 0) {
                    confusions.add(new Confusion(labels.get(i), labels.get(j), counts[i][j]));
                }
            }
        }
        confusions.sort(Comparator.comparingInt(Confusion::count).reversed());
        return confusions;
    }

    private static List<CalibrationBin> calibration(Tally tally) {
        var bins = new ArrayList<CalibrationBin>();
        for (int i = 0; i < Tally.BINS; i++) {
            bins.add(new CalibrationBin(
                    (double) i / Tally.BINS,
                    (i + 1.0) / Tally.BINS,
                    tally.binRows[i],
                    Ratios.ratio(tally.binConfidence[i], tally.binRows[i]),
                    Ratios.ratio(tally.binCorrect[i], tally.binRows[i])));
        }
        return bins;
    }
}
