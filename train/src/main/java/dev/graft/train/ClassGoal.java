package dev.graft.train;

import dev.graft.InputException;
import dev.graft.task.Softmax;
import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.LogisticLoss;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Each row is to get its class, by multinomial logistic regression.
 *
 * @param labels the class of each row, from 0
 * @param outputs how many classes there are
 */
@SuppressWarnings("ArrayRecordComponent")
record ClassGoal(int[] labels, int outputs) implements HeadGoal {
    /** These rows, and others of known classes behind them. */
    ClassGoal followedBy(int[] others) {
        return new ClassGoal(
                IntStream.concat(Arrays.stream(labels), Arrays.stream(others)).toArray(), outputs);
    }

    @Override
    public ClassGoal of(int[] rows) {
        return new ClassGoal(Arrays.stream(rows).map(row -> labels[row]).toArray(), outputs);
    }

    @Override
    public FeatureLoss loss(TorchSettings settings, Array features, int[] rows) {
        return new LogisticLoss(settings, features, of(rows).labels(), outputs);
    }

    @Override
    public float[][] answers(float[][] all) {
        return all;
    }

    @Override
    public Validation.Result score(float[][] logits) {
        int right = 0;
        double loss = 0;
        for (int row = 0; row < logits.length; row++) {
            float[] probabilities = Softmax.of(logits[row]);
            right += RowsValidation.highest(probabilities) == labels[row] ? 1 : 0;
            loss -= Math.log(Math.max(probabilities[labels[row]], Float.MIN_NORMAL));
        }
        return new Validation.Result((double) right / logits.length, loss / logits.length);
    }

    @Override
    public int[] strata(int rows) {
        return Arrays.copyOf(labels, rows);
    }

    @Override
    public int folds(int wanted, int rows) {
        return folds(labels, outputs, wanted, rows);
    }

    /** As many as the largest class has rows at most. */
    static int folds(int[] labels, int classes, int wanted, int rows) {
        int[] counts = new int[classes];
        Arrays.stream(labels).limit(rows).forEach(label -> counts[label]++);
        int folds = Math.min(wanted, Arrays.stream(counts).max().orElse(0));
        if (folds < 2) {
            throw new InputException("Cross-validation needs a label with 2 rows at least, but each of the " + classes
                    + " labels has 1; add rows, or take --strategy zero-shot");
        }
        return folds;
    }
}
