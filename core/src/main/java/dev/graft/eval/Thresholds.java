package dev.graft.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The least probability at which each of several labels is answered. */
public final class Thresholds {
    /** That of a label of which nothing is known. */
    public static final double HALF = 0.5;

    private Thresholds() {}

    /** {@link #HALF} for each label. */
    public static List<Double> halves(int labels) {
        return java.util.Collections.nCopies(labels, HALF);
    }

    /**
     * For each label the threshold with the highest F1 on some rows; of equals the one nearest to a half. A label that no
     * row has keeps a half.
     *
     * @param probabilities [rows, labels]
     * @param expected [rows, labels]
     */
    public static List<Double> tuned(float[][] probabilities, boolean[][] expected, int labels) {
        List<Double> thresholds = new ArrayList<>();
        for (int label = 0; label < labels; label++) {
            thresholds.add(tuned(probabilities, expected, label, order(probabilities, label)));
        }
        return thresholds;
    }

    private static Integer[] order(float[][] probabilities, int label) {
        Integer[] order = new Integer[probabilities.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> -probabilities[row][label]));
        return order;
    }

    private static double tuned(float[][] probabilities, boolean[][] expected, int label, Integer[] order) {
        int support = (int) Arrays.stream(expected).filter(row -> row[label]).count();
        double best = support == 0 ? 1 : 0;
        double threshold = HALF;
        int right = 0;
        for (int i = 0; i < order.length; i++) {
            right += expected[order[i]][label] ? 1 : 0;
            double last = probabilities[order[i]][label];
            double next = i + 1 < order.length ? probabilities[order[i + 1]][label] : 0;
            double f1 = Ratios.f1(support, i + 1, right);
            double between = last > HALF && next < HALF ? HALF : (last + next) / 2;
            boolean nearer = f1 == best && Math.abs(between - HALF) < Math.abs(threshold - HALF);
            if (last > next && (f1 > best || nearer && support > 0)) {
                best = f1;
                threshold = between;
            }
        }
        return threshold;
    }
}
