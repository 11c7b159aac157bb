package dev.graft.train;

import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.SeparateLoss;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Each row is to get its labels, by a logistic regression for each label.
 *
 * @param has whether a row has a label: [rows, outputs]
 * @param outputs how many labels there are
 */
@SuppressWarnings("ArrayRecordComponent")
record SetGoal(boolean[][] has, int outputs) implements HeadGoal {
    @Override
    public SetGoal of(int[] rows) {
        return new SetGoal(Arrays.stream(rows).mapToObj(row -> has[row]).toArray(boolean[][]::new), outputs);
    }

    @Override
    public FeatureLoss loss(TorchSettings settings, Array features, int[] rows) {
        float[] targets = new float[rows.length * outputs];
        float[] counted = new float[targets.length];
        Arrays.fill(counted, 1);
        for (int i = 0; i < targets.length; i++) {
            targets[i] = has[rows[i / outputs]][i % outputs] ? 1 : 0;
        }
        return new SeparateLoss(
                settings,
                SeparateLoss.Kind.LOGISTIC,
                features,
                Array.of(targets, rows.length, outputs),
                Array.of(counted, rows.length, outputs));
    }

    @Override
    public float[][] answers(float[][] all) {
        return all;
    }

    @Override
    public Validation.Result score(float[][] logits) {
        Truth truth = new Truth.Sets(Arrays.copyOf(has, logits.length));
        return TargetValidation.result(TargetKind.MULTI_LABEL, outputs, truth, logits);
    }

    /** The rarest label of each row; those without any come last. */
    @Override
    public int[] strata(int rows) {
        int[] counts = new int[outputs];
        for (boolean[] row : has) {
            IntStream.range(0, outputs).filter(label -> row[label]).forEach(label -> counts[label]++);
        }
        return IntStream.range(0, rows)
                .map(row -> IntStream.range(0, outputs)
                        .filter(label -> has[row][label])
                        .boxed()
                        .min((a, b) -> Integer.compare(counts[a], counts[b]))
                        .orElse(outputs))
                .toArray();
    }

    @Override
    public int folds(int wanted, int rows) {
        return Math.max(2, Math.min(wanted, rows));
    }
}
