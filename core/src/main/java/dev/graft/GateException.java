package dev.graft;

/** A gate said no: the run went well, and what came of it must not be used; exit code 3. */
public class GateException extends GraftException {
    private static final long serialVersionUID = 1L;

    public GateException(String message) {
        super(message);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
