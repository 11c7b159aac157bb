package dev.graft.predict;

/**
 * A label and how probable it is.
 *
 * @param probability 0 to 1
 */
public record LabelProbability(String label, double probability) {}
