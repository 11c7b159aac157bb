package dev.graft.serve;

import com.linecorp.armeria.common.HttpStatus;
import dev.graft.GraftException;
import java.time.Duration;
import java.util.Locale;

/** A request cannot be answered; what the caller is told. */
final class Problem extends GraftException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, in the words of text-embeddings-inference where it has one. */
    enum Type {
        /** The request is not what it must be. */
        VALIDATION("Validation", HttpStatus.UNPROCESSABLE_ENTITY),
        /** The body is not JSON, or a header is no number. */
        MALFORMED("Validation", HttpStatus.BAD_REQUEST),
        /** The request is larger than the server takes. */
        TOO_LARGE("Validation", HttpStatus.REQUEST_ENTITY_TOO_LARGE),
        /** No key came with the request, or none that is known. */
        UNAUTHORIZED("Unauthorized", HttpStatus.UNAUTHORIZED),
        /** There is no such model, version or address. */
        NOT_FOUND("NotFound", HttpStatus.NOT_FOUND),
        /** What is asked for does not fit how things stand. */
        CONFLICT("Conflict", HttpStatus.CONFLICT),
        /** The model cannot do what is asked. */
        UNSUPPORTED("Backend", HttpStatus.FAILED_DEPENDENCY),
        /** Too much is asked at one time. */
        OVERLOADED("Overloaded", HttpStatus.TOO_MANY_REQUESTS),
        /** The client takes too long to send or to read. */
        SLOW("Timeout", HttpStatus.REQUEST_TIMEOUT),
        /** The disk holds as much as it may. */
        NO_SPACE("Overloaded", HttpStatus.INSUFFICIENT_STORAGE),
        /** The answer would come too late. */
        DEADLINE("Deadline", HttpStatus.GATEWAY_TIMEOUT),
        /** The model is loading, or going. */
        UNAVAILABLE("Unhealthy", HttpStatus.SERVICE_UNAVAILABLE),
        /** A defect. */
        INTERNAL("Backend", HttpStatus.INTERNAL_SERVER_ERROR);

        private final String errorType;
        private final HttpStatus status;

        Type(String errorType, HttpStatus status) {
            this.errorType = errorType;
            this.status = status;
        }

        String errorType() {
            return errorType;
        }

        /** The value of {@code err} in the figures. */
        String outcome() {
            return (this == UNSUPPORTED ? name() : errorType).toLowerCase(Locale.ROOT);
        }

        /** Whether the service is to blame, and not who asked. */
        boolean isOfService() {
            return status.isServerError() || this == OVERLOADED;
        }

        HttpStatus status() {
            return status;
        }
    }

    private final Type type;
    private final Duration retryAfter;

    Problem(Type type, String detail) {
        this(type, detail, Duration.ZERO);
    }

    Problem(Type type, String detail, Duration retryAfter) {
        super(detail, false);
        this.type = type;
        this.retryAfter = retryAfter;
    }

    static Problem invalid(String detail) {
        return new Problem(Type.VALIDATION, detail);
    }

    Type type() {
        return type;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /** What a caller sees in the message of an error. */
    String detail() {
        return String.valueOf(getMessage());
    }
}
