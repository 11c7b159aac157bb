package dev.graft.predict;

import dev.graft.GraftException;
import java.time.Duration;

/** A text was not computed, because the queue could not take it or its deadline could not be met. */
public final class RefusedException extends GraftException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** As many texts wait as may wait. */
        QUEUE_FULL,
        /** The answer would come after the caller's deadline. */
        DEADLINE,
        /** The model is being taken out of service. */
        CLOSED
    }

    private final Reason reason;
    private final Duration retryAfter;

    RefusedException(Reason reason, String message, Duration retryAfter) {
        super(message, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** When asking again has a chance, by what the queue will take. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
