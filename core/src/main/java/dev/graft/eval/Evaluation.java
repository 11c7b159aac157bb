package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores predictions; each overall metric comes with a percentile bootstrap interval over 1,000 resamples. */
public final class Evaluation {
    private Evaluation() {}

    /** Scores answers; the seed decides the intervals' resamples and nothing else. */
    public static Scores of(Scorable answers, long seed) {
        Sums sums = Sums.of(answers);
        double[][] resampled = resample(sums, answers.rows(), seed);
        sums.clear();
        for (int row = 0; row < answers.rows(); row++) {
            sums.add(row);
        }
        double[] values = sums.values();
        Map<String, Estimate> metrics = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            metrics.put(sums.metrics().get(i).key(), Bootstrap.estimate(values[i], resampled[i]));
        }
        if (answers instanceof LabelPredictions labels && sums instanceof LabelSums of) {
            List<ClassScores> classes = perClass(labels.labels(), of.support, of.answered, of.correct);
            return new Scores(labels.rows(), metrics, classes, List.of(), List.of());
        } else if (answers instanceof Predictions classes && sums instanceof Tally tally) {
            return ofClasses(classes, tally, metrics);
        } else if (answers instanceof OrdinalPredictions ordinal && sums instanceof OrdinalSums of) {
            return ofClasses(ordinal.classes(), of.tally(), metrics);
        }
        return new Scores(answers.rows(), metrics, List.of(), List.of(), List.of());
    }

    private static Scores ofClasses(Predictions predictions, Tally tally, Map<String, Estimate> metrics) {
        return new Scores(
                predictions.rows(),
                metrics,
                perClass(predictions.labels(), tally.support, tally.answers, tally.correct),
                confusions(predictions),
                calibration(tally));
    }

    private static double[][] resample(Sums sums, int rows, long seed) {
        double[][] values = new double[sums.metrics().size()][Bootstrap.RESAMPLES];
        var draws = new Draws(seed, rows);
        for (int i = 0; i < Bootstrap.RESAMPLES; i++) {
            sums.clear();
            for (int row = 0; row < rows; row++) {
                sums.add(draws.next());
            }
            double[] drawn = sums.values();
            for (int metric = 0; metric < values.length; metric++) {
                values[metric][i] = drawn[metric];
            }
        }
        return values;
    }

    private static List<ClassScores> perClass(List<String> labels, int[] support, int[] answered, int[] correct) {
        var scores = new ArrayList<ClassScores>();
        for (int i = 0; i < labels.size(); i++) {
            scores.add(ClassScores.of(labels.get(i), support[i], answered[i], correct[i]));
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
