package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/**
 * What a classifier said about rows whose true classes are known.
 *
 * @param labels the classes, in the order of the probabilities' columns
 * @param expected the true class of each row, as an index into the labels
 * @param probabilities a distribution over the classes for each row: [rows, classes], each from 0 to 1, each row's sum 1
 *     within {@link #SUM_TOLERANCE}; held, not copied
 */
public record Predictions(List<String> labels, int[] expected, float[][] probabilities) implements Scorable {
    /** How far from 1 the probabilities of a row may add up: what rounding in half precision leaves. */
    public static final double SUM_TOLERANCE = 0.01;

    public Predictions {
        labels = List.copyOf(labels);
        if (expected.length == 0) {
            throw new IllegalArgumentException("There are no rows to score; give at least one");
        }
        if (expected.length != probabilities.length) {
            throw new IllegalArgumentException(
                    expected.length + " expected classes for " + probabilities.length + " rows of probabilities");
        }
        for (int row = 0; row < expected.length; row++) {
            check(labels.size(), row, expected[row], probabilities[row]);
        }
    }

    private static void check(int classes, int row, int expected, float[] probabilities) {
        if (expected < 0 || expected >= classes) {
            throw new IllegalArgumentException("Row " + row + " expects class " + expected + " of " + classes);
        }
        if (probabilities.length != classes) {
            throw new IllegalArgumentException(
                    "Row " + row + " has " + probabilities.length + " probabilities for " + classes + " classes");
        }
        double sum = 0;
        for (float probability : probabilities) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "Row " + row + " has the probability " + probability + "; expected 0 to 1");
            }
            sum += probability;
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new IllegalArgumentException(
                    "The probabilities of row " + row + " add up to " + sum + "; expected 1 (apply softmax first)");
        }
    }

    /** How many rows there are. */
    @Override
    public int rows() {
        return expected.length;
    }

    @Override
    public boolean sameRows(Scorable other) {
        return other instanceof Predictions classes
                && labels.equals(classes.labels)
                && Arrays.equals(expected, classes.expected);
    }

    @Override
    public double error(int row) {
        return predicted(row) == expected[row] ? 0 : 1;
    }

    @Override
    public List<WrongAnswer> worst(List<String> texts, int limit) {
        return WrongAnswer.worst(this, texts, limit);
    }

    /** How many classes there are. */
    public int classes() {
        return labels.size();
    }

    /** The most probable class of a row; of equals the first. */
    public int predicted(int row) {
        float[] distribution = probabilities[row];
        int best = 0;
        for (int i = 1; i < distribution.length; i++) {
            if (distribution[i] > distribution[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The most probable class of every row. */
    public int[] predicted() {
        int[] classes = new int[rows()];
        for (int row = 0; row < classes.length; row++) {
            classes[row] = predicted(row);
        }
        return classes;
    }

    /** The probability of the most probable class of a row. */
    public float confidence(int row) {
        return probabilities[row][predicted(row)];
    }
}
