package dev.graft.watch;

/**
 * How a request ended.
 *
 * @param name {@code success}, or the word that the figures have for the error
 * @param status of HTTP, or the one that HTTP would have had
 * @param blame whose fault an error is
 */
public record Outcome(String name, int status, Blame blame) {
    /** A request that was answered. */
    public static final Outcome SUCCESS = new Outcome("success", 200, Blame.NOBODY);

    /** Whose fault an error is. */
    public enum Blame {
        /** It is none. */
        NOBODY,
        /** The request was not what it must be, or asked for what is not there. */
        CALLER,
        /** The service was full, late, not ready or defective. */
        SERVICE
    }
}
