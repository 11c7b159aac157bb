package dev.graft.predict;

/**
 * What a model computes of one text.
 *
 * <p>The arrays are not copied and must not be changed.
 *
 * @param logits a value a label
 * @param features the vector that the classifier reads; empty where the model does not give it out
 */
@SuppressWarnings("ArrayRecordComponent")
public record Outputs(float[] logits, float[] features) {}
