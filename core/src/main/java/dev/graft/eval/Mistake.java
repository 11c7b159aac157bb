package dev.graft.eval;

/** A row that was answered wrongly. */
public sealed interface Mistake permits WrongAnswer, NumberError {
    /** The row's number among the predictions, from 0. */
    int row();

    /** What was asked about. */
    String text();

    /** The true answer. */
    String expected();

    /** The answer that was given. */
    String predicted();
}
