package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Solves for the head that a {@link Probe} describes. */
final class LinearProbe {
    private static final Lbfgs SEARCH = new Lbfgs(10, 1e-4, 200);
    /** Enough to tell strengths apart: the scores are those of the whole search to the third digit. */
    private static final Lbfgs ROUGH_SEARCH = new Lbfgs(10, 2e-4, 200);

    private static final int NEVER_LEFT_OUT = -1;
    /** Rows that tell strengths apart; a search over all of many times as many takes as many times longer. */
    static final int ENOUGH_ROWS = 20_000;

    private final Probe probe;
    private final TorchSettings settings;
    private final Standardised features;
    private final HeadGoal goal;
    private final int all;
    private final int rows;

    /** @param features float [rows, width] */
    LinearProbe(Probe probe, TorchSettings settings, Array features, int[] labels, int classes) {
        this(probe, settings, features, labels, labels.length, classes);
    }

    /** @param features float [rows, width], one for each row that the goal knows */
    LinearProbe(Probe probe, TorchSettings settings, Array features, HeadGoal goal) {
        this(probe, settings, features, goal, Math.toIntExact(features.size(0)));
    }

    /**
     * @param features float [all rows, width]
     * @param labels of all rows
     * @param rows how many there are; what comes after them stands in for rows, and is learned only if that helps
     */
    LinearProbe(Probe probe, TorchSettings settings, Array features, int[] labels, int rows, int classes) {
        this(probe, settings, features, new ClassGoal(labels, classes), rows);
    }

    /**
     * @param features float [all rows, width], one for each row that the goal knows
     * @param rows how many there are; what comes after them stands in for rows
     */
    LinearProbe(Probe probe, TorchSettings settings, Array features, HeadGoal goal, int rows) {
        this(probe, settings, Standardised.of(features), goal, rows);
    }

    private LinearProbe(Probe probe, TorchSettings settings, Standardised features, HeadGoal goal, int rows) {
        this.probe = probe;
        this.settings = settings;
        this.features = features;
        this.goal = goal;
        this.all = Math.toIntExact(features.values().size(0));
        this.rows = rows;
    }

    /**
     * A head and what cross-validation says of it.
     *
     * @param weight float [classes, width], for features as they come
     * @param bias float [classes]
     * @param strength that was chosen
     * @param trainLoss mean loss over all rows at temperature 1, for classes in nats
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
        IntStream.range(0, logits.length).parallel().forEach(row -> {
            logits[row] = bias.floats();
            for (int k = 0; k < logits[row].length; k++) {
                float sum = 0;
                for (int j = 0; j < width; j++) {
                    sum += values[row * width + j] * matrix[k * width + j];
                }
                logits[row][k] += sum;
            }
        });
        return logits;
    }

    /** A strength, where a search may begin, and what the folds say. */
    private record Choice(double strength, float[] start, Validation.Result validation) {}

    /**
     * The head under the strength that cross-validation chooses, over {@value #ENOUGH_ROWS} drawn rows where there are
     * more; fitted on all rows.
     *
     * @throws InputException if there are too few rows for two folds
     */
    Solution solve(long seed) {
        LinearProbe drawn = rows > ENOUGH_ROWS ? drawn(seed) : this;
        Choice choice = drawn.choose(seed, drawn.rows);
        boolean standIns = false;
        if (all > rows) {
            Choice other = drawn.choose(seed, drawn.all);
            standIns = better(other.validation(), choice.validation());
            choice = standIns ? other : choice;
        }
        return fit(choice, standIns ? all : rows).at(probe.temperature());
    }

    /** The same about some of the rows, and about all that stand in for rows. */
    private LinearProbe drawn(long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        IntStream some = order.stream().limit(ENOUGH_ROWS).mapToInt(row -> row);
        int[] wanted = IntStream.concat(some, IntStream.range(rows, all)).toArray();
        return new LinearProbe(probe, settings, features.of(wanted), goal.of(wanted), ENOUGH_ROWS);
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
        float[] start =
                new float[goal.outputs() * (Math.toIntExact(features.values().size(1)) + 1)];
        return fit(new Choice(strength, start, new Validation.Result(0, 0)), rows);
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
            return new Choice(probe.strengths().get(best), start, results.get(best));
        } finally {
            folds.forEach(Fold::close);
        }
    }

    static boolean better(Validation.Result one, Validation.Result other) {
        return BestMetric.USUAL.prefers(one, other);
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

    private Solution fit(Choice choice, int count) {
        int[] learned = IntStream.range(0, count).toArray();
        Array read = count == all ? features.values() : features.rows(learned);
        try (FeatureLoss loss = goal.loss(settings, read, learned)) {
            float[] weights = minimum(SEARCH, loss, choice.strength(), count, choice.start());
            double trainLoss = loss.at(weights, 0, new float[weights.length]);
            return features.solution(weights, goal.outputs(), choice.strength(), trainLoss, choice.validation());
        }
    }

    private float[] minimum(Lbfgs search, FeatureLoss loss, double strength, int learned, float[] start) {
        double penalty = goal.penalty(strength, learned);
        return search.minimum((point, gradient) -> loss.at(point, penalty, gradient), start);
    }

    private Validation.Result validate(List<Fold> folds, double strength) {
        int outputs = goal.outputs();
        float[][] all = new float[rows][];
        new Workers(Math.min(settings.threads(), folds.size()), 0).each(folds, () -> false, fold -> {
            float[] logits = fold.logits(strength);
            for (int i = 0; i < fold.left.length; i++) {
                all[fold.left[i]] = Arrays.copyOfRange(logits, i * outputs, (i + 1) * outputs);
            }
        });
        return goal.score(all);
    }

    /**
     * Rows dealt out stratum by stratum, so that each fold has its share of every label. The folds share the threads out:
     * as many searches at a time are faster than one search after another on all threads.
     */
    private List<Fold> folds(long seed, int learned) {
        int folds = goal.folds(probe.folds(), rows);
        int[] strata = goal.strata(rows);
        List<Integer> order = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            order.add(row);
        }
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparingInt(row -> strata[row]));
        int[] foldOf = new int[learned];
        Arrays.fill(foldOf, NEVER_LEFT_OUT);
        for (int i = 0; i < rows; i++) {
            foldOf[order.get(i)] = i % folds;
        }
        List<Fold> all = new ArrayList<>();
        TorchSettings ofEach = settings.withThreads(Math.max(1, settings.threads() / folds));
        for (int fold = 0; fold < folds; fold++) {
            all.add(new Fold(foldOf, fold, ofEach));
        }
        return all;
    }

    /** The rows of one fold, left out of the fit; its weights begin where the last strength ended. */
    private final class Fold implements AutoCloseable {
        private final int[] left;
        private final Array held;
        private final int learned;
        private final FeatureLoss loss;
        private float[] weights;

        Fold(int[] foldOf, int number, TorchSettings own) {
            int[] kept = rows(foldOf, number, false);
            left = rows(foldOf, number, true);
            learned = kept.length;
            held = features.rows(left);
            loss = goal.loss(own, features.rows(kept), kept);
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
