package dev.graft.graph;

import dev.graft.InputException;

/** A graph, or the file that holds it, is not what it must be; the message names the node and says what to do next. */
public final class GraphException extends InputException {
    private static final long serialVersionUID = 1L;

    public GraphException(String message) {
        super(message);
    }

    public GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
