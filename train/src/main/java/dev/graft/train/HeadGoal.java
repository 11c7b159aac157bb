package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.torch.FeatureLoss;
import dev.graft.torch.TorchSettings;

/** What a linear head is solved for: the answers that rows should get. */
interface HeadGoal {
    /** How many outputs the head has. */
    int outputs();

    /** The same about some of the rows, in this order. */
    HeadGoal of(int[] rows);

    /**
     * The loss over some rows.
     *
     * @param features of these rows, float [rows, width]
     */
    FeatureLoss loss(TorchSettings settings, Array features, int[] rows);

    /**
     * What the graph behind the head makes of its outputs.
     *
     * @param outputs [rows, outputs]
     */
    float[][] answers(float[][] outputs);

    /**
     * What the head's outputs for the first rows are worth.
     *
     * @param logits [rows, outputs]
     */
    Validation.Result score(float[][] logits);

    /**
     * The penalty that a strength of regularisation means for the loss of so many rows. Sums over rows in scikit-learn are
     * means here, so its {@code C} becomes 1 / (C · rows).
     */
    default double penalty(double strength, int rows) {
        return 1 / (strength * rows);
    }

    /**
     * A number for each of the first rows: rows of one number are dealt out over the folds of a cross-validation, and the
     * rows in the order of these numbers.
     */
    int[] strata(int rows);

    /**
     * How many folds there can be.
     *
     * @throws dev.graft.InputException if there are too few rows for two
     */
    int folds(int wanted, int rows);
}
