package dev.graft.eval;

/**
 * The rows whose confidence lies in one bin of the reliability diagram.
 *
 * @param from the lower edge of the bin, excluded (but 0 itself is in the first)
 * @param to the upper edge, included
 * @param rows how many rows lie in the bin
 * @param confidence the mean probability of their predicted classes; 0 in an empty bin
 * @param accuracy the share of them that is right; 0 in an empty bin
 */
public record CalibrationBin(double from, double to, int rows, double confidence, double accuracy) {}
