package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/**
 * Running sums from which every metric follows, so that a resample is one pass over row numbers.
 *
 * <p>None of the metrics needs the confusion matrix itself: its diagonal and its two margins do.
 */
final class Tally implements Sums {
    static final int BINS = 15;
    /** Where scikit-learn clips probabilities of single precision before it takes the logarithm. */
    private static final double SMALLEST = Math.ulp(1f);

    private final int[] expected;
    private final int[] predicted;
    private final double[] losses;
    private final double[] confidences;
    private final byte[] bins;

    final int[] support;
    final int[] answers;
    final int[] correct;
    final int[] binRows = new int[BINS];
    final int[] binCorrect = new int[BINS];
    final double[] binConfidence = new double[BINS];
    private double loss;
    private int rows;

    Tally(Predictions predictions) {
        expected = predictions.expected();
        predicted = predictions.predicted();
        losses = new double[expected.length];
        confidences = new double[expected.length];
        bins = new byte[expected.length];
        for (int row = 0; row < expected.length; row++) {
            float[] distribution = predictions.probabilities()[row];
            losses[row] = -Math.log(Math.min(Math.max(distribution[expected[row]], SMALLEST), 1 - SMALLEST));
            confidences[row] = distribution[predicted[row]];
            bins[row] = (byte) bin(confidences[row]);
        }
        support = new int[predictions.classes()];
        answers = new int[predictions.classes()];
        correct = new int[predictions.classes()];
    }

    /** The bin (i / 15, (i + 1) / 15] that a confidence lies in. */
    static int bin(double confidence) {
        return Math.max(0, Math.min(BINS, (int) Math.ceil(confidence * BINS)) - 1);
    }

    @Override
    public List<Metric> metrics() {
        return Metric.OF_CLASSES;
    }

    @Override
    public double[] values() {
        return new double[] {
            accuracy(), balancedAccuracy(), macroF1(), weightedF1(), mcc(), logLoss(), calibrationError()
        };
    }

    @Override
    public double primary() {
        return accuracy();
    }

    @Override
    public void clear() {
        Arrays.fill(support, 0);
        Arrays.fill(answers, 0);
        Arrays.fill(correct, 0);
        Arrays.fill(binRows, 0);
        Arrays.fill(binCorrect, 0);
        Arrays.fill(binConfidence, 0);
        loss = 0;
        rows = 0;
    }

    @Override
    public void add(int row) {
        rows++;
        support[expected[row]]++;
        answers[predicted[row]]++;
        loss += losses[row];
        int bin = bins[row];
        binRows[bin]++;
        binConfidence[bin] += confidences[row];
        if (expected[row] == predicted[row]) {
            correct[expected[row]]++;
            binCorrect[bin]++;
        }
    }

    double accuracy() {
        return (double) Arrays.stream(correct).sum() / rows;
    }

    double balancedAccuracy() {
        double sum = 0;
        int present = 0;
        for (int i = 0; i < support.length; i++) {
            sum += Ratios.ratio(correct[i], support[i]);
            present += support[i] > 0 ? 1 : 0;
        }
        return sum / present;
    }

    double macroF1() {
        double sum = 0;
        int present = 0;
        for (int i = 0; i < support.length; i++) {
            sum += Ratios.f1(support[i], answers[i], correct[i]);
            present += support[i] + answers[i] > 0 ? 1 : 0;
        }
        return sum / present;
    }

    double weightedF1() {
        double sum = 0;
        for (int i = 0; i < support.length; i++) {
            sum += support[i] * Ratios.f1(support[i], answers[i], correct[i]);
        }
        return sum / rows;
    }

    double mcc() {
        double both = 0;
        double answersSquared = 0;
        double supportSquared = 0;
        for (int i = 0; i < support.length; i++) {
            both += (double) support[i] * answers[i];
            answersSquared += (double) answers[i] * answers[i];
            supportSquared += (double) support[i] * support[i];
        }
        double total = (double) rows * rows;
        double covariance = (double) Arrays.stream(correct).sum() * rows - both;
        return Ratios.ratio(covariance, Math.sqrt(total - answersSquared) * Math.sqrt(total - supportSquared));
    }

    double logLoss() {
        return loss / rows;
    }

    double calibrationError() {
        double sum = 0;
        for (int i = 0; i < BINS; i++) {
            sum += Math.abs(binConfidence[i] - binCorrect[i]);
        }
        return sum / rows;
    }
}
