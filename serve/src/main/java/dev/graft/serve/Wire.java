package dev.graft.serve;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Bounds what clients can hold of the server by sending slowly, or by not reading what they asked for: bodies that are
 * still coming, and answers that still go.
 */
final class Wire implements DecoratingHttpServiceFunction {
    private static final int STREAMS = 256;
    private static final int RESETS = 200;
    private static final int RESETS_SECONDS = 30;
    private static final int HEADER_BYTES = 16 << 10;
    private static final int PIPELINED = 32;
    private static final int FEWEST = 64;

    private final Lingering coming;
    private final Lingering going;
    private final long payloadLimit;
    private final Duration patience;

    Wire(ServeSettings settings) {
        int most = Math.max(FEWEST, settings.maxConcurrentRequests());
        long room = Math.max(settings.payloadLimit(), Runtime.getRuntime().maxMemory() / 8);
        this.coming = new Lingering(most, room);
        this.going = new Lingering(2 * most, Long.MAX_VALUE);
        this.payloadLimit = settings.payloadLimit();
        this.patience = settings.security().patience();
    }

    /** Puts a server's connections and requests under these limits. */
    void addTo(ServerBuilder builder) {
        builder.http1MaxInitialLineLength(HEADER_BYTES)
                .http1MaxHeaderSize(HEADER_BYTES)
                .http2MaxHeaderListSize(HEADER_BYTES)
                .http2MaxStreamsPerConnection(STREAMS)
                .http2MaxResetFramesPerWindow(RESETS, RESETS_SECONDS)
                .childChannelPipelineCustomizer(pipeline -> Connection.watch(pipeline, patience, PIPELINED))
                .decorator(this);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Optional<Connection> connection =
                Optional.ofNullable(context.log().partial().channel()).flatMap(Connection::of);
        boolean room = connection
                .map(its -> its.begin(context.sessionProtocol().isMultiplex()))
                .orElse(true);
        if (request.isOpen()) {
            coming.enter(context, size(request), System.nanoTime())
                    .forEach(late -> late.request().abort(slow("The body of the request did not come in time")));
            request.whenComplete().handle((done, failure) -> {
                coming.leave(context);
                return true;
            });
        }
        context.log().whenAvailable(RequestLogProperty.RESPONSE_HEADERS).thenAccept(log -> {
            if (!log.isComplete()) {
                going.enter(context, 0, System.nanoTime())
                        .forEach(late -> late.cancel(slow("The answer was not read in time")));
            }
        });
        context.log().whenComplete().thenAccept(log -> {
            going.leave(context);
            coming.leave(context);
            connection.ifPresent(Connection::end);
        });
        return room ? delegate.serve(context, request) : Refusal.of(request.headers(), tooMany());
    }

    private static Problem tooMany() {
        return new Problem(
                Problem.Type.OVERLOADED,
                "More than " + PIPELINED + " requests are under way on this connection; wait for answers",
                Duration.ofSeconds(1));
    }

    private long size(HttpRequest request) {
        long stated = request.headers().getLong(HttpHeaderNames.CONTENT_LENGTH, payloadLimit);
        return Math.min(Math.max(stated, 0), payloadLimit);
    }

    private static Problem slow(String detail) {
        return new Problem(Problem.Type.SLOW, detail);
    }
}
