package dev.graft.predict;

/**
 * What a text's turn in the queue came to.
 *
 * @param queuedNanos from its coming to its batch's beginning
 * @param computeNanos of its batch
 * @param rows of its batch
 */
public record Answered(Outputs outputs, long queuedNanos, long computeNanos, int rows) {}
