package dev.graft.serve;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.data.Encoding;
import dev.graft.predict.Answered;
import dev.graft.predict.Terms;
import dev.graft.watch.Visit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One request to a model and what goes with it: its prediction id, what its headers ask for, what is learnt of it.
 */
record Exchange(ServiceRequestContext context, RequestHeaders headers, String predictionId, Terms terms, Visit visit) {
    static final String PREDICTION_ID = "x-prediction-id";
    static final String MODEL_NAME = "x-model-name";
    static final String MODEL_VERSION = "x-model-version";
    static final String TIMEOUT = "x-request-timeout-ms";
    static final String PRIORITY = "x-request-priority";

    private static final long LONGEST_TIMEOUT_MS = Duration.ofDays(1).toMillis();
    static final int HIGHEST_PRIORITY = 10;

    /** @throws Problem if a header that asks for something cannot be read */
    static Exchange of(ServiceRequestContext context, RequestHeaders headers, Visit visit) {
        long start = System.nanoTime();
        long timeout = number(headers, TIMEOUT, 0, 1, LONGEST_TIMEOUT_MS);
        if (timeout > 0) {
            context.setRequestTimeoutMillis(TimeoutMode.SET_FROM_NOW, timeout);
        }
        int priority = (int) number(headers, PRIORITY, 0, -HIGHEST_PRIORITY, HIGHEST_PRIORITY);
        long deadline = timeout > 0 ? start + Duration.ofMillis(timeout).toNanos() : Terms.NEVER;
        String id = UUID.randomUUID().toString();
        visit.predictionId(id);
        return new Exchange(context, headers, id, new Terms(deadline, ApiKey.priority(context, priority)), visit);
    }

    private static long number(RequestHeaders headers, String name, long otherwise, long least, long most) {
        String text = headers.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, as is a number out of range
        }
        throw new Problem(
                Problem.Type.MALFORMED, "The header " + name + " must be a whole number from " + least + " to " + most);
    }

    /** Asks a model for this request's texts; a client that leaves calls the computation off. */
    CompletableFuture<List<Answered>> ask(ServedModel model, List<TextRow> rows, Truncation truncation) {
        return cancelled(model.ask(rows, truncation, terms, visit));
    }

    /** Asks a model for rows of tokens; otherwise as {@link #ask}. */
    CompletableFuture<List<Answered>> askTokens(ServedModel model, List<Encoding> rows) {
        return cancelled(model.askTokens(rows, terms, visit));
    }

    /** Armeria itself misses a connection that is closed before it has begun to wait for the answer. */
    private CompletableFuture<List<Answered>> cancelled(CompletableFuture<List<Answered>> answers) {
        var unused = context.whenRequestCancelling().thenAccept(cause -> answers.cancel(false));
        Channel connection = context.log().partial().channel();
        if (connection != null) {
            ChannelFutureListener closed = future -> answers.cancel(false);
            connection.closeFuture().addListener(closed);
            answers.whenComplete((done, failure) -> connection.closeFuture().removeListener(closed));
        }
        return answers;
    }

    /** The answer of a model that computed nothing. */
    HttpResponse told(ServedModel model, JsonBody.Writer writer) {
        HttpData body = JsonBody.of(writer);
        return HttpResponse.of(headers(model, MediaType.JSON, body.length()), body);
    }

    /** The answer, once it was made by a model; its figures are recorded. */
    HttpResponse answered(ServedModel model, List<Answered> answers, JsonBody.Writer writer) {
        long post = System.nanoTime();
        HttpData body = JsonBody.of(writer);
        model.meters().answered(visit, answers, System.nanoTime() - post);
        return HttpResponse.of(headers(model, MediaType.JSON, body.length()), body);
    }

    /** The headers that every answer of a model has. */
    ResponseHeaders headers(ServedModel model, MediaType type, int length) {
        return ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(PREDICTION_ID, predictionId)
                .set(MODEL_NAME, model.name())
                .set(MODEL_VERSION, model.version())
                .build();
    }
}
