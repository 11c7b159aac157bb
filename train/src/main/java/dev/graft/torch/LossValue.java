package dev.graft.torch;

/**
 * The loss of one batch.
 *
 * @param value not scaled; not a number or infinite where learning went wrong, and then nothing was learnt from the batch
 */
public record LossValue(double value) {
    /** Whether the batch was learnt from. */
    public boolean finite() {
        return Double.isFinite(value);
    }
}
