package dev.graft.train;

import dev.graft.InputException;
import dev.graft.task.Softmax;
import dev.graft.tensor.Array;
import dev.graft.torch.LogisticLoss;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Solves for the head that a {@link Probe} describes. */
final class LinearProbe {
    private static final Lbfgs SEARCH = new Lbfgs(10, 1e-4, 200);
    /** Enough to tell strengths apart: the scores are those of the whole search to the third digit. */
    private static final Lbfgs ROUGH_SEARCH = new Lbfgs(10, 2e-4, 200);

    private final Probe probe;
    private final TorchSettings settings;
    private final Standardised features;
    private final int[] labels;
    private final int classes;

    /** @param features float [rows, width] */
    LinearProbe(Probe probe, TorchSettings settings, Array features, int[] labels, int classes) {
        this.probe = probe;
        this.settings = settings;
        this.features = Standardised.of(features);
        this.labels = labels;
        this.classes = classes;
    }

    /**
     * A head and what cross-validation says of it.
     *
     * @param weight float [classes, width], for features as they come
     * @param bias float [classes]
     * @param strength that was chosen
     * @param trainLoss mean cross-entropy over all rows, in nats
     * @param validation over the rows of the folds that were left out
     */
    record Solution(Array weight, Array bias, double strength, double trainLoss, Validation.Result validation) {}

    /**
     * The head under the strength that cross-validation chooses, fitted on all rows.
     *
     * @throws InputException if there are too few rows for two folds
     */
    Solution solve(long seed) {
        List<Fold> folds = folds(seed);
        try {
            int best = 0;
            List<Validation.Result> results = new ArrayList<>();
            float[] start = new float[0];
            for (int i = 0; i < probe.strengths().size() && best >= i - 1; i++) {
                results.add(validate(folds, probe.strengths().get(i)));
                if (i == 0 || better(results.get(i), results.get(best))) {
                    best = i;
                    start = mean(folds);
                }
            }
            return fit(probe.strengths().get(best), start, results.get(best));
        } finally {
            folds.forEach(Fold::close);
        }
    }

    private static boolean better(Validation.Result one, Validation.Result other) {
        return one.accuracy() != other.accuracy() ? one.accuracy() > other.accuracy() : one.logLoss() < other.logLoss();
    }

    private static float[] mean(List<Fold> folds) {
        float[] mean = new float[folds.get(0).weights.length];
        for (Fold fold : folds) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += fold.weights[i] / folds.size();
            }
        }
        return mean;
    }

    private Solution fit(double strength, float[] start, Validation.Result validation) {
        try (LogisticLoss loss = new LogisticLoss(settings, features.values(), labels, classes)) {
            float[] weights = minimum(SEARCH, loss, strength, labels.length, start);
            double trainLoss = loss.at(weights, 0, new float[weights.length]);
            return features.solution(weights, classes, strength, trainLoss, validation);
        }
    }

    /** Sums over rows in scikit-learn are means here, so its C becomes a penalty of 1 / (C · rows). */
    private static float[] minimum(Lbfgs search, LogisticLoss loss, double strength, int rows, float[] start) {
        double penalty = 1 / (strength * rows);
        return search.minimum((point, gradient) -> loss.at(point, penalty, gradient), start);
    }

    private Validation.Result validate(List<Fold> folds, double strength) {
        int right = 0;
        double lossSum = 0;
        for (Fold fold : folds) {
            float[] logits = fold.logits(strength);
            for (int i = 0; i < fold.left.length; i++) {
                float[] probabilities = Softmax.of(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes));
                int label = labels[fold.left[i]];
                right += RowsValidation.highest(probabilities) == label ? 1 : 0;
                lossSum -= Math.log(Math.max(probabilities[label], Float.MIN_NORMAL));
            }
        }
        return new Validation.Result((double) right / labels.length, lossSum / labels.length);
    }

    /** Rows dealt out label by label, so that each fold has its share of every label. */
    private List<Fold> folds(long seed) {
        int[] counts = new int[classes];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        int most = Arrays.stream(counts).max().orElse(0);
        int folds = Math.min(probe.folds(), most);
        if (folds < 2) {
            throw new InputException("Cross-validation needs a label with 2 rows at least, but each of the " + classes
                    + " labels has 1; add rows, or train with --strategy full");
        }
        List<Integer> order = new ArrayList<>();
        for (int row = 0; row < labels.length; row++) {
            order.add(row);
        }
        java.util.Collections.shuffle(order, new Random(seed));
        order.sort(java.util.Comparator.comparingInt(row -> labels[row]));
        int[] foldOf = new int[labels.length];
        for (int i = 0; i < foldOf.length; i++) {
            foldOf[order.get(i)] = i % folds;
        }
        List<Fold> all = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            all.add(new Fold(foldOf, fold));
        }
        return all;
    }

    /** The rows of one fold, left out of the fit; its weights begin where the last strength ended. */
    private final class Fold implements AutoCloseable {
        private final int[] left;
        private final Array held;
        private final int rows;
        private final LogisticLoss loss;
        private float[] weights;

        Fold(int[] foldOf, int number) {
            int[] kept = rows(foldOf, number, false);
            left = rows(foldOf, number, true);
            rows = kept.length;
            held = features.rows(left);
            int[] keptLabels = Arrays.stream(kept).map(row -> labels[row]).toArray();
            loss = new LogisticLoss(settings, features.rows(kept), keptLabels, classes);
            weights = new float[loss.weights()];
        }

        float[] logits(double strength) {
            weights = minimum(ROUGH_SEARCH, loss, strength, rows, weights);
            return loss.logits(weights, held);
        }

        private static int[] rows(int[] foldOf, int number, boolean within) {
            return java.util.stream.IntStream.range(0, foldOf.length)
                    .filter(row -> (foldOf[row] == number) == within)
                    .toArray();
        }

        @Override
        public void close() {
            loss.close();
        }
    }
}
