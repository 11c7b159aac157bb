package dev.graft.train;

import dev.graft.eval.Metric;
import dev.graft.task.TargetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Says how far a training may move an encoder: it trains on a part of the rows, and looks at heads for the others.
 *
 * <p>The rows are dealt out into three folds, label by label. One fold after another is left out, until rows enough have
 * judged. Of few rows the loss says more than how many are put right, so the lowest loss wins unless a score was named.
 *
 * @param labels of the rows
 * @param points to choose among, from the weights before training (0) to those after it (1); rising
 * @param metric that the user asked for
 * @param seed of the folds
 */
@SuppressWarnings("ArrayRecordComponent")
record Rehearsal(int[] labels, List<Double> points, BestMetric metric, long seed) {
    static final int FOLDS = 3;
    /** Rows that tell points apart; more cost a training each time. */
    private static final int ENOUGH = 200;

    /** What a fold's training is worth. */
    interface Fold {
        /**
         * The worth of each point for the rows that were left out.
         *
         * @param number of the fold, from 0
         * @param learned the rows that were not left out
         */
        List<Validation.Result> results(int number, int[] learned, int[] left);
    }

    /** A point, what the rows that were left out say of it, and how many they were. */
    record Choice(double point, Validation.Result result, int judged) {}

    /** The point that is best for rows that were not learned, the farther one where two are equal. */
    Choice choice(Fold fold) {
        double[] values = new double[points.size()];
        double[] loss = new double[points.size()];
        int[] foldOf = dealt();
        int judged = 0;
        for (int number = 0; number < FOLDS && judged < ENOUGH; number++) {
            int[] learned = rows(foldOf, number, false);
            int[] left = rows(foldOf, number, true);
            if (left.length > 0 && pairs(learned)) {
                List<Validation.Result> results = fold.results(number, learned, left);
                for (int i = 0; i < values.length; i++) {
                    values[i] += results.get(i).value() * left.length;
                    loss[i] += results.get(i).logLoss() * left.length;
                }
                judged += left.length;
            }
        }
        return best(values, loss, judged);
    }

    private Choice best(double[] values, double[] loss, int judged) {
        BestMetric by = metric.equals(BestMetric.USUAL) ? BestMetric.LOSS : metric;
        Metric told = metric.of(TargetKind.SINGLE_LABEL);
        Choice best =
                new Choice(points.get(points.size() - 1), new Validation.Result(told, Double.NaN, Double.NaN), judged);
        for (int i = points.size() - 1; judged > 0 && i >= 0; i--) {
            var result = new Validation.Result(told, values[i] / judged, loss[i] / judged);
            if (i == points.size() - 1 || by.prefers(result, best.result())) {
                best = new Choice(points.get(i), result, judged);
            }
        }
        return best;
    }

    private int[] dealt() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparingInt(row -> labels[row]));
        int[] foldOf = new int[labels.length];
        for (int i = 0; i < foldOf.length; i++) {
            foldOf[order.get(i)] = i % FOLDS;
        }
        return foldOf;
    }

    private static int[] rows(int[] foldOf, int number, boolean within) {
        return IntStream.range(0, foldOf.length)
                .filter(row -> (foldOf[row] == number) == within)
                .toArray();
    }

    /** Whether two of these rows have one label. */
    private boolean pairs(int[] rows) {
        return Arrays.stream(rows).map(row -> labels[row]).distinct().count() < rows.length;
    }
}
