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
import java.util.stream.IntStream;

/** Solves for the head that a {@link Probe} describes. */
final class LinearProbe {
    private static final Lbfgs SEARCH = new Lbfgs(10, 1e-4, 200);
    /** Enough to tell strengths apart: the scores are those of the whole search to the third digit. */
    private static final Lbfgs ROUGH_SEARCH = new Lbfgs(10, 2e-4, 200);

    private static final int NEVER_LEFT_OUT = -1;

    private final Probe probe;
    private final TorchSettings settings;
    private final Standardised features;
    private final int[] labels;
    private final int rows;
    private final int classes;

    /** @param features float [rows, width] */
    LinearProbe(Probe probe, TorchSettings settings, Array features, int[] labels, int classes) {
        this(probe, settings, features, labels, labels.length, classes);
    }

    /**
     * @param features float [all rows, width]
     * @param labels of all rows
     * @param rows how many there are; what comes after them stands in for rows, and is learned only if that helps
     */
    LinearProbe(Probe probe, TorchSettings settings, Array features, int[] labels, int rows, int classes) {
        this.probe = probe;
        this.settings = settings;
        this.features = Standardised.of(features, probe.unit());
        this.labels = labels;
        this.rows = rows;
        this.classes = classes;
    }

    /**
     * A head and what cross-validation says of it.
     *
     * @param weight float [classes, width], for features as they come
     * @param bias float [classes]
     * @param strength that was chosen
     * @param trainLoss mean cross-entropy over all rows at temperature 1, in nats
     * @param validation over the rows of the folds that were left out, at temperature 1
     */
    record Solution(Array weight, Array bias, double strength, double trainLoss, Validation.Result validation) {
        /** The same with another weight. */
        Solution withWeight(Array other) {
            return new Solution(other, bias, strength, trainLoss, validation);
        }

        /** The logits [rows, classes] of features [rows, width]. */
        float[][] logits(Array features) {
            return LinearProbe.logits(weight, bias, features);
        }

        /** The same head with all logits divided by a temperature. */
        private Solution at(double temperature) {
            return temperature == 1
                    ? this
                    : new Solution(
                            divided(weight, temperature), divided(bias, temperature), strength, trainLoss, validation);
        }

        private static Array divided(Array values, double temperature) {
            float[] divided = values.floats();
            for (int i = 0; i < divided.length; i++) {
                divided[i] = (float) (divided[i] / temperature);
            }
            return Array.of(divided, values.shape());
        }
    }

    /** The logits [rows, classes] of a head, weight [classes, width] and bias [classes], for features [rows, width]. */
    static float[][] logits(Array weight, Array bias, Array features) {
        int width = Math.toIntExact(features.size(1));
        float[] values = features.floats();
        float[] matrix = weight.floats();
        float[][] logits = new float[Math.toIntExact(features.size(0))][];
        for (int row = 0; row < logits.length; row++) {
            logits[row] = bias.floats();
            for (int k = 0; k < logits[row].length; k++) {
                float sum = 0;
                for (int j = 0; j < width; j++) {
                    sum += values[row * width + j] * matrix[k * width + j];
                }
                logits[row][k] += sum;
            }
        }
        return logits;
    }

    /** A strength, the number of rows that are learned, where a search may begin, and what the folds say. */
    private record Choice(double strength, int learned, float[] start, Validation.Result validation) {}

    /**
     * The head under the strength that cross-validation chooses, fitted on all rows.
     *
     * @throws InputException if there are too few rows for two folds
     */
    Solution solve(long seed) {
        Choice choice = choose(seed, rows);
        if (labels.length > rows) {
            Choice other = choose(seed, labels.length);
            choice = better(other.validation(), choice.validation()) ? other : choice;
        }
        return fit(choice).at(probe.temperature());
    }

    /**
     * What cross-validation says of the rows under the strength that it chooses.
     *
     * @throws InputException if there are too few rows for two folds
     */
    Validation.Result validated(long seed) {
        return choose(seed, rows).validation();
    }

    /** The head under one strength, which nothing is said of. */
    Solution fit(double strength) {
        float[] start = new float[classes * (Math.toIntExact(features.values().size(1)) + 1)];
        return fit(new Choice(strength, rows, start, new Validation.Result(0, 0)));
    }

    private Choice choose(long seed, int learned) {
        List<Fold> folds = folds(seed, learned);
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
            return new Choice(probe.strengths().get(best), learned, start, results.get(best));
        } finally {
            folds.forEach(Fold::close);
        }
    }

    static boolean better(Validation.Result one, Validation.Result other) {
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

    private Solution fit(Choice choice) {
        int[] learned = IntStream.range(0, choice.learned()).toArray();
        int[] known = Arrays.copyOf(labels, learned.length);
        try (LogisticLoss loss = new LogisticLoss(settings, features.rows(learned), known, classes)) {
            float[] weights = minimum(SEARCH, loss, choice.strength(), known.length, choice.start());
            double trainLoss = loss.at(weights, 0, new float[weights.length]);
            return features.solution(weights, classes, choice.strength(), trainLoss, choice.validation());
        }
    }

    /** Sums over rows in scikit-learn are means here, so its C becomes a penalty of 1 / (C · rows). */
    private static float[] minimum(Lbfgs search, LogisticLoss loss, double strength, int learned, float[] start) {
        double penalty = 1 / (strength * learned);
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
        return new Validation.Result((double) right / rows, lossSum / rows);
    }

    /** Rows dealt out label by label, so that each fold has its share of every label. */
    private List<Fold> folds(long seed, int learned) {
        int[] counts = new int[classes];
        Arrays.stream(labels).limit(rows).forEach(label -> counts[label]++);
        int most = Arrays.stream(counts).max().orElse(0);
        int folds = Math.min(probe.folds(), most);
        if (folds < 2) {
            throw new InputException("Cross-validation needs a label with 2 rows at least, but each of the " + classes
                    + " labels has 1; add rows, or train with --strategy full");
        }
        List<Integer> order = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            order.add(row);
        }
        java.util.Collections.shuffle(order, new Random(seed));
        order.sort(java.util.Comparator.comparingInt(row -> labels[row]));
        int[] foldOf = new int[learned];
        Arrays.fill(foldOf, NEVER_LEFT_OUT);
        for (int i = 0; i < rows; i++) {
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
        private final int learned;
        private final LogisticLoss loss;
        private float[] weights;

        Fold(int[] foldOf, int number) {
            int[] kept = rows(foldOf, number, false);
            left = rows(foldOf, number, true);
            learned = kept.length;
            held = features.rows(left);
            int[] keptLabels = Arrays.stream(kept).map(row -> labels[row]).toArray();
            loss = new LogisticLoss(settings, features.rows(kept), keptLabels, classes);
            weights = new float[loss.weights()];
        }

        float[] logits(double strength) {
            weights = minimum(ROUGH_SEARCH, loss, strength, learned, weights);
            return loss.logits(weights, held);
        }

        private static int[] rows(int[] foldOf, int number, boolean within) {
            return IntStream.range(0, foldOf.length)
                    .filter(row -> (foldOf[row] == number) == within)
                    .toArray();
        }

        @Override
        public void close() {
            loss.close();
        }
    }
}
