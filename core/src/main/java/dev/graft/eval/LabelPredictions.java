package dev.graft.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model said about rows that may have several labels each, or none.
 *
 * @param labels in the order of the columns
 * @param expected whether a row has a label: [rows, labels]; held, not copied
 * @param probabilities of each label by itself, 0 to 1: [rows, labels]; held, not copied
 * @param thresholds the least probability at which a label is answered, one a label
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelPredictions(
        List<String> labels, boolean[][] expected, float[][] probabilities, List<Double> thresholds)
        implements Scorable {
    public LabelPredictions {
        labels = List.copyOf(labels);
        thresholds = List.copyOf(thresholds);
        int count = labels.size();
        if (expected.length == 0 || expected.length != probabilities.length || thresholds.size() != count) {
            throw new IllegalArgumentException(expected.length + " expected rows for " + probabilities.length
                    + " rows of probabilities, " + thresholds.size() + " thresholds for " + count + " labels");
        }
        for (int row = 0; row < expected.length; row++) {
            if (expected[row].length != count || probabilities[row].length != count) {
                throw new IllegalArgumentException("Row " + row + " has " + expected[row].length + " truths and "
                        + probabilities[row].length + " probabilities for " + count + " labels");
            }
            for (float probability : probabilities[row]) {
                if (!(probability >= 0 && probability <= 1)) {
                    throw new IllegalArgumentException(
                            "Row " + row + " has the probability " + probability + "; expected 0 to 1");
                }
            }
        }
    }

    /** Whether a label is answered for a row. */
    public boolean predicted(int row, int label) {
        return probabilities[row][label] >= thresholds.get(label);
    }

    @Override
    public int rows() {
        return expected.length;
    }

    @Override
    public boolean sameRows(Scorable other) {
        return other instanceof LabelPredictions sets
                && labels.equals(sets.labels)
                && Arrays.deepEquals(expected, sets.expected);
    }

    /** The number of labels that are answered and wrong, or missing. */
    @Override
    public double error(int row) {
        return IntStream.range(0, labels.size())
                .filter(label -> predicted(row, label) != expected[row][label])
                .count();
    }

    /** The rows with the most confidently wrong decision about a label; its probability is that of the decision. */
    @Override
    public List<WrongAnswer> worst(List<String> texts, int limit) {
        var wrong = new ArrayList<WrongAnswer>();
        for (int row = 0; row < rows(); row++) {
            if (error(row) > 0) {
                wrong.add(new WrongAnswer(row, texts.get(row), names(row, false), names(row, true), confidence(row)));
            }
        }
        wrong.sort(Comparator.comparingDouble(WrongAnswer::probability).reversed());
        return List.copyOf(wrong.subList(0, Math.min(limit, wrong.size())));
    }

    private double confidence(int row) {
        return IntStream.range(0, labels.size())
                .filter(label -> predicted(row, label) != expected[row][label])
                .mapToDouble(
                        label -> expected[row][label] ? 1.0 - probabilities[row][label] : probabilities[row][label])
                .max()
                .orElse(0);
    }

    private String names(int row, boolean answered) {
        String names = IntStream.range(0, labels.size())
                .filter(label -> answered ? predicted(row, label) : expected[row][label])
                .mapToObj(labels::get)
                .collect(Collectors.joining("; "));
        return names.isEmpty() ? "(none)" : names;
    }
}
