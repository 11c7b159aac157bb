package dev.graft.train;

import dev.graft.task.Regression;
import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.SeparateLoss;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Each row is to get its number, by ridge regression.
 *
 * @param numbers of the rows
 * @param scale that the head learns them in
 */
@SuppressWarnings("ArrayRecordComponent")
record NumberGoal(double[] numbers, Regression.Scale scale) implements HeadGoal {
    private static final double SHARPER = 10;

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public NumberGoal of(int[] rows) {
        return new NumberGoal(
                Arrays.stream(rows).mapToDouble(row -> numbers[row]).toArray(), scale);
    }

    @Override
    public FeatureLoss loss(TorchSettings settings, Array features, int[] rows) {
        float[] targets = new float[rows.length];
        float[] counted = new float[rows.length];
        Arrays.fill(counted, 1);
        for (int i = 0; i < rows.length; i++) {
            targets[i] = (float) ((numbers[rows[i]] - scale.mean()) / scale.deviation());
        }
        return new SeparateLoss(
                settings,
                SeparateLoss.Kind.SQUARED,
                features,
                Array.of(targets, rows.length, 1),
                Array.of(counted, rows.length, 1));
    }

    @Override
    public float[][] answers(float[][] all) {
        return Arrays.stream(all)
                .map(row -> new float[] {(float) (row[0] * scale.deviation() + scale.mean())})
                .toArray(float[][]::new);
    }

    @Override
    public Validation.Result score(float[][] logits) {
        Truth truth = new Truth.Numbers(Arrays.copyOf(numbers, logits.length));
        return TargetValidation.result(TargetKind.REGRESSION, 1, truth, answers(logits));
    }

    /** A squared error bends ten times as much as a logistic loss does where that is unsure of a class in three. */
    @Override
    public double penalty(double strength, int rows) {
        return SHARPER / (strength * rows);
    }

    /** Each row's place among the rows by its number. */
    @Override
    public int[] strata(int rows) {
        List<Integer> order = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> numbers[row]))
                .toList();
        int[] places = new int[rows];
        for (int place = 0; place < rows; place++) {
            places[order.get(place)] = place;
        }
        return places;
    }

    @Override
    public int folds(int wanted, int rows) {
        return Math.max(2, Math.min(wanted, rows));
    }
}
