package dev.graft;

/** The user's input is wrong: a file, an option, a model; exit code 2. */
public class InputException extends GraftException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}
