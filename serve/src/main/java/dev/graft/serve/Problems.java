package dev.graft.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.server.RequestTimeoutException;
import dev.graft.InputException;
import dev.graft.graph.GraphException;
import dev.graft.predict.RefusedException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as callers see them: problem details (RFC 9457) with the two members that TEI's clients read. */
final class Problems {
    static final MediaType PROBLEM_JSON = MediaType.create("application", "problem+json");

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** The problem behind a failure; what nobody foresaw becomes one that tells nothing of the inside. */
    static Problem of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof RefusedException refused) {
            return of(refused);
        }
        if (cause instanceof ContentTooLargeException) {
            return new Problem(Problem.Type.TOO_LARGE, "The request has more bytes than --payload-limit allows");
        }
        if (cause instanceof JsonProcessingException json) {
            return new Problem(Problem.Type.MALFORMED, "The body is no valid JSON: " + json.getOriginalMessage());
        }
        if (cause instanceof GraphException || cause instanceof InputException) {
            return Problem.invalid(String.valueOf(cause.getMessage()));
        }
        if (cause instanceof RequestTimeoutException || cause instanceof CancellationException) {
            return new Problem(Problem.Type.DEADLINE, "The request was not answered in time");
        }
        if (cause instanceof ShuttingDownException) {
            return new Problem(Problem.Type.UNAVAILABLE, "The server is stopping");
        }
        LOG.error("A request failed for a reason that nobody foresaw", cause);
        return new Problem(Problem.Type.INTERNAL, "The request failed for a reason inside the server");
    }

    private static Problem of(RefusedException refused) {
        Problem.Type type = switch (refused.reason()) {
            case QUEUE_FULL -> Problem.Type.OVERLOADED;
            case DEADLINE -> Problem.Type.DEADLINE;
            case CLOSED -> Problem.Type.UNAVAILABLE;
        };
        return new Problem(type, String.valueOf(refused.getMessage()), refused.retryAfter());
    }

    /** The answer that tells a problem. */
    static HttpResponse response(Problem problem) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(problem.type().status())
                .contentType(PROBLEM_JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (problem.type() == Problem.Type.OVERLOADED || problem.type() == Problem.Type.UNAVAILABLE) {
            headers.setLong(HttpHeaderNames.RETRY_AFTER, seconds(problem.retryAfter()));
        }
        if (problem.type() == Problem.Type.UNAUTHORIZED) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"graft\"");
        }
        return HttpResponse.of(
                headers.build(), body(problem.type().status(), problem.type().errorType(), problem.detail()));
    }

    /** The answer to a method that an address does not take. */
    static AggregatedHttpResponse notAllowed(String allowed) {
        HttpStatus status = HttpStatus.METHOD_NOT_ALLOWED;
        ResponseHeaders headers = ResponseHeaders.builder(status)
                .contentType(PROBLEM_JSON)
                .set(HttpHeaderNames.ALLOW, allowed)
                .build();
        return AggregatedHttpResponse.of(
                headers, body(status, "Validation", "The address does not take this method; it takes " + allowed));
    }

    /** Problem details of any status. */
    static HttpData body(HttpStatus status, String errorType, String detail) {
        return JsonBody.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", status.reasonPhrase());
            json.writeNumberField("status", status.code());
            json.writeStringField("detail", detail);
            json.writeStringField("error", detail);
            json.writeStringField("error_type", errorType);
            json.writeEndObject();
        });
    }

    /** Whole seconds, one at least: what {@code Retry-After} can say. */
    static long seconds(Duration time) {
        return Math.max(1, time.plusMillis(999).toSeconds());
    }
}
