package dev.graft.eval;

/**
 * What one epoch of training came to.
 *
 * @param epoch counted from 1 over all phases
 * @param phase what trained, for example {@code full}
 * @param trainLoss the mean loss over the epoch's training rows
 * @param validationScore the score that epochs are chosen by, on the validation rows
 * @param rate the highest learning rate of the epoch
 * @param seconds wall time
 */
public record HistoryRow(
        int epoch, String phase, double trainLoss, double validationScore, double rate, double seconds) {}
