package dev.graft.predict;

/** Is told of each batch, on the thread that computes. */
public interface BatchListener {
    /** Hears nothing. */
    BatchListener NONE = batch -> {};

    /**
     * A batch that was computed.
     *
     * @param rows its texts
     * @param tokens of all its texts
     * @param paddedTokens rows × the longest row
     * @param computeNanos what computing took
     * @param longestWaitNanos how long the text that waited longest has waited
     */
    record Batch(int rows, int tokens, int paddedTokens, long computeNanos, long longestWaitNanos) {}

    /** A batch has been computed. */
    void computed(Batch batch);
}
