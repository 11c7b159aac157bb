package dev.graft.eval;

/**
 * How many rows of one class were taken for another.
 *
 * @param expected the true class
 * @param predicted the class that was answered, another one
 * @param count rows
 */
public record Confusion(String expected, String predicted, int count) {}
