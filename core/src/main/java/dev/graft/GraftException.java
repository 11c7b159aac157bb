package dev.graft;

/**
 * Something that went wrong and that the user is told of in one message, without a stack trace.
 *
 * <p>The message names the place (file, row, node or option), what was expected, what came, and what to do next.
 */
public class GraftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GraftException(String message) {
        super(message);
    }

    public GraftException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * An error that a server answers with thousands of times a second, whose place in the code tells nothing.
     *
     * @param traced whether it has a stack trace
     */
    protected GraftException(String message, boolean traced) {
        super(message, null, true, traced);
    }

    /** The exit code of a command that ends with this error: 1, the run failed. */
    public int exitCode() {
        return 1;
    }
}
