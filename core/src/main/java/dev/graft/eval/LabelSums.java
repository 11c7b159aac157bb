package dev.graft.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the metrics of rows with several labels follow from. */
final class LabelSums implements Sums {
    private final LabelPredictions answers;
    private final Integer[][] falling;
    private final double[] rowF1;
    private final double[] rowErrors;
    private final int[] counts;
    private double f1Sum;
    private double errorSum;
    private int exact;
    private int rows;

    final int[] support;
    final int[] answered;
    final int[] correct;

    LabelSums(LabelPredictions answers) {
        this.answers = answers;
        int labels = answers.labels().size();
        this.support = new int[labels];
        this.answered = new int[labels];
        this.correct = new int[labels];
        this.counts = new int[answers.rows()];
        this.rowF1 = new double[counts.length];
        this.rowErrors = new double[counts.length];
        for (int row = 0; row < counts.length; row++) {
            rowErrors[row] = answers.error(row);
            rowF1[row] = f1(row);
        }
        this.falling = new Integer[labels][];
        for (int label = 0; label < labels; label++) {
            falling[label] = order(answers.probabilities(), label);
        }
    }

    private static Integer[] order(float[][] probabilities, int label) {
        Integer[] order = new Integer[probabilities.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> -probabilities[row][label]));
        return order;
    }

    /** The F1 of one row's labels; 1 where it has none and none is answered. */
    private double f1(int row) {
        int has = 0;
        int says = 0;
        int right = 0;
        for (int label = 0; label < support.length; label++) {
            boolean expected = answers.expected()[row][label];
            boolean predicted = answers.predicted(row, label);
            has += expected ? 1 : 0;
            says += predicted ? 1 : 0;
            right += expected && predicted ? 1 : 0;
        }
        return has + says == 0 ? 1 : Ratios.f1(has, says, right);
    }

    @Override
    public List<Metric> metrics() {
        return Metric.OF_LABELS;
    }

    @Override
    public void clear() {
        Arrays.fill(support, 0);
        Arrays.fill(answered, 0);
        Arrays.fill(correct, 0);
        Arrays.fill(counts, 0);
        f1Sum = 0;
        errorSum = 0;
        exact = 0;
        rows = 0;
    }

    @Override
    public void add(int row) {
        rows++;
        counts[row]++;
        f1Sum += rowF1[row];
        errorSum += rowErrors[row];
        exact += rowErrors[row] == 0 ? 1 : 0;
        for (int label = 0; label < support.length; label++) {
            boolean expected = answers.expected()[row][label];
            boolean predicted = answers.predicted(row, label);
            support[label] += expected ? 1 : 0;
            answered[label] += predicted ? 1 : 0;
            correct[label] += expected && predicted ? 1 : 0;
        }
    }

    @Override
    public double[] values() {
        return new double[] {
            primary(),
            macroF1(),
            f1Sum / rows,
            (double) exact / rows,
            errorSum / rows / support.length,
            averagePrecision()
        };
    }

    @Override
    public double primary() {
        return Ratios.f1(
                Arrays.stream(support).sum(),
                Arrays.stream(answered).sum(),
                Arrays.stream(correct).sum());
    }

    private double macroF1() {
        double sum = 0;
        int present = 0;
        for (int i = 0; i < support.length; i++) {
            sum += Ratios.f1(support[i], answered[i], correct[i]);
            present += support[i] + answered[i] > 0 ? 1 : 0;
        }
        return present == 0 ? 0 : sum / present;
    }

    /** The mean over the labels that a row has. */
    private double averagePrecision() {
        double sum = 0;
        int present = 0;
        for (int label = 0; label < support.length; label++) {
            if (support[label] > 0) {
                sum += averagePrecision(label);
                present++;
            }
        }
        return present == 0 ? 0 : sum / present;
    }

    private double averagePrecision(int label) {
        Integer[] order = falling[label];
        double sum = 0;
        double above = 0;
        double right = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            double before = right;
            float probability = answers.probabilities()[order[from]][label];
            while (to < order.length && answers.probabilities()[order[to]][label] == probability) {
                int count = counts[order[to]];
                above += count;
                right += answers.expected()[order[to++]][label] ? count : 0;
            }
            sum += above > 0 ? (right - before) / support[label] * right / above : 0;
            from = to;
        }
        return sum;
    }
}
