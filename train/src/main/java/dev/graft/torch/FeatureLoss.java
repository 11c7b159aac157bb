package dev.graft.torch;

import dev.graft.tensor.Array;

/**
 * What a linear head over fixed features is to make small, with its gradient.
 *
 * <p>The weights are one matrix [outputs, width + 1] in row-major order, whose last column is the bias; only the others are
 * penalised: mean loss + penalty / 2 · |weights|².
 */
public interface FeatureLoss extends AutoCloseable {
    /** The number of weights, biases included. */
    int weights();

    /** The loss at some weights; writes its gradient. */
    double at(float[] weights, double penalty, float[] gradient);

    /** The outputs [rows, outputs] of other features under some weights. */
    float[] logits(float[] weights, Array others);

    @Override
    void close();
}
