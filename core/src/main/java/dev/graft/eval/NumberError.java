package dev.graft.eval;

/**
 * A number that is off.
 *
 * @param row its number among the predictions, from 0
 * @param error the distance between the two, 0 or more
 */
public record NumberError(int row, String text, String expected, String predicted, double error) implements Mistake {}
