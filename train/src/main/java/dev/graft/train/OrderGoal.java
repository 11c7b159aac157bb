package dev.graft.train;

import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.SeparateLoss;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;

/**
 * Each row is to get its class, where classes have an order: a logistic regression for each step from a class to those above
 * it, over the rows that do not lie below (see {@link dev.graft.rewrite.OrderedClasses}).
 *
 * @param labels the class of each row, from 0, the lowest
 * @param classes how many there are
 */
@SuppressWarnings("ArrayRecordComponent")
record OrderGoal(int[] labels, int classes) implements HeadGoal {
    @Override
    public int outputs() {
        return classes - 1;
    }

    @Override
    public OrderGoal of(int[] rows) {
        return new OrderGoal(Arrays.stream(rows).map(row -> labels[row]).toArray(), classes);
    }

    @Override
    public FeatureLoss loss(TorchSettings settings, Array features, int[] rows) {
        int steps = outputs();
        float[] above = new float[rows.length * steps];
        float[] counted = new float[above.length];
        for (int i = 0; i < rows.length; i++) {
            for (int step = 0; step < steps; step++) {
                above[i * steps + step] = labels[rows[i]] > step ? 1 : 0;
                counted[i * steps + step] = labels[rows[i]] >= step ? 1 : 0;
            }
        }
        return new SeparateLoss(
                settings,
                SeparateLoss.Kind.LOGISTIC,
                features,
                Array.of(above, rows.length, steps),
                Array.of(counted, rows.length, steps));
    }

    @Override
    public float[][] answers(float[][] all) {
        return Arrays.stream(all).map(OrderGoal::logarithms).toArray(float[][]::new);
    }

    @Override
    public Validation.Result score(float[][] logits) {
        Truth truth = new Truth.Classes(Arrays.copyOf(labels, logits.length));
        return TargetValidation.result(TargetKind.ORDINAL, classes, truth, answers(logits));
    }

    /** As the graph behind the head computes it. */
    private static float[] logarithms(float[] steps) {
        float[] logarithms = new float[steps.length + 1];
        double passed = 0;
        for (int step = 0; step < steps.length; step++) {
            logarithms[step] = (float) (passed - softplus(steps[step]));
            passed -= softplus(-steps[step]);
        }
        logarithms[steps.length] = (float) passed;
        return logarithms;
    }

    private static double softplus(double value) {
        return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
    }

    @Override
    public int[] strata(int rows) {
        return Arrays.copyOf(labels, rows);
    }

    @Override
    public int folds(int wanted, int rows) {
        return ClassGoal.folds(labels, classes, wanted, rows);
    }
}
