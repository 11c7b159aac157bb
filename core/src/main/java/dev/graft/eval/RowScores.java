package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/**
 * How well a way to fine-tune did on each of some rows, by which ways are compared whatever their task is.
 *
 * @param rows the numbers of the rows, each once
 * @param scores of the rows in the task's own measure, higher is better: for a class 1 where it is right, else 0
 */
public record RowScores(int[] rows, double[] scores) {
    public RowScores {
        if (rows.length != scores.length || rows.length == 0) {
            throw new IllegalArgumentException(rows.length + " rows but " + scores.length + " scores");
        }
    }

    /** The scores of answers that are right or wrong. */
    public static RowScores of(int[] rows, Predictions said) {
        double[] scores = new double[rows.length];
        Arrays.setAll(scores, row -> said.predicted(row) == said.expected()[row] ? 1 : 0);
        return new RowScores(rows, scores);
    }

    /** Scores on several sets of rows, of which no two have a row in common, one after another. */
    public static RowScores joined(List<RowScores> parts) {
        return new RowScores(
                parts.stream().flatMapToInt(part -> Arrays.stream(part.rows)).toArray(),
                parts.stream()
                        .flatMapToDouble(part -> Arrays.stream(part.scores))
                        .toArray());
    }

    /** The mean over the rows. */
    public double mean() {
        return Arrays.stream(scores).average().orElseThrow();
    }

    /**
     * How much better these are than others, with the 95 % interval of a paired bootstrap.
     *
     * @throws IllegalArgumentException if they are not about the same rows
     */
    public Estimate gainOver(RowScores other, long seed) {
        if (!Arrays.equals(rows, other.rows)) {
            throw new IllegalArgumentException("The scores to compare are not about the same rows");
        }
        double[] gains = new double[scores.length];
        Arrays.setAll(gains, row -> scores[row] - other.scores[row]);
        return Bootstrap.mean(gains, seed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowScores same && Arrays.equals(rows, same.rows) && Arrays.equals(scores, same.scores);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(rows) + Arrays.hashCode(scores);
    }

    @Override
    public String toString() {
        return rows.length + " rows, mean score " + mean();
    }
}
