package dev.graft.watch;

import dev.graft.InputException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sends a span for each request and one for each of its stages to a collector of OpenTelemetry, by OTLP over HTTP.
 *
 * <p>The spans of a request are made at its end, all together, and sent in batches by a thread of OpenTelemetry's; those
 * that find no room there are dropped. What the standard's environment variables say holds ({@code OTEL_SERVICE_NAME},
 * {@code OTEL_TRACES_SAMPLER}, {@code OTEL_EXPORTER_OTLP_HEADERS}, …), but for the protocol and the address.
 */
final class Tracing implements AutoCloseable {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("graft.method");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("graft.model.name");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("graft.model.version");
    private static final AttributeKey<String> PREDICTION = AttributeKey.stringKey("graft.prediction.id");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final Duration LAST_BATCH = Duration.ofSeconds(3);

    private final AtomicLong lost = new AtomicLong();
    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    /**
     * Begins to send.
     *
     * @param endpoint base address of the collector; spans go to {@code v1/traces} below it
     * @param says hears once when they cannot be sent
     * @throws InputException if the environment's variables contradict themselves
     */
    Tracing(URI endpoint, Consumer<String> says) {
        String base = endpoint.toString().replaceFirst("/+$", "");
        this.sdk = sdk(base + "/v1/traces", says);
        this.tracer = sdk.getTracer("dev.graft.serve");
    }

    private OpenTelemetrySdk sdk(String endpoint, Consumer<String> says) {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addSpanExporterCustomizer((sending, config) -> new CountedSpans(sending, lost, says))
                    .addPropertiesSupplier(() -> Map.of("otel.service.name", "graft"))
                    .addPropertiesCustomizer(given -> Map.of(
                            "otel.traces.exporter", "otlp",
                            "otel.metrics.exporter", "none",
                            "otel.logs.exporter", "none",
                            "otel.exporter.otlp.traces.protocol", "http/protobuf",
                            "otel.exporter.otlp.traces.endpoint", endpoint))
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException e) {
            throw new InputException("A variable OTEL_… of the environment cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the spans of a request that is at its end.
     *
     * @param end the time of day now
     * @return the id of the trace that they belong to
     */
    String record(Visit visit, Instant end) {
        Stages stages = visit.stages();
        long start = nanos(end) - stages.whole();
        Span request = tracer.spanBuilder(visit.method())
                .setSpanKind(SpanKind.SERVER)
                .setParent(visit.caller().context())
                .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                .startSpan();
        if (request.isRecording()) {
            describe(request, visit);
            Context inside = Context.root().with(request);
            long tokenise = start + stages.tokeniseSince();
            long queue = tokenise + stages.tokenise();
            long infer = queue + stages.queue();
            stage(inside, "tokenise", tokenise, stages.tokenise());
            stage(inside, "queue", queue, stages.queue());
            stage(inside, "infer", infer, stages.infer());
            stage(inside, "post", start + stages.postSince(), stages.post());
        }
        request.end(start + stages.whole(), TimeUnit.NANOSECONDS);
        return request.getSpanContext().getTraceId();
    }

    /** Spans that could not be sent. */
    long lost() {
        return lost.get();
    }

    private static void describe(Span request, Visit visit) {
        request.setAttribute(METHOD, visit.method());
        request.setAttribute(STATUS, (long) visit.outcome().status());
        if (!visit.predictionId().isEmpty()) {
            request.setAttribute(PREDICTION, visit.predictionId());
        }
        visit.model().ifPresent(model -> {
            request.setAttribute(MODEL, model);
            request.setAttribute(VERSION, visit.version());
        });
        if (visit.outcome().blame() != Outcome.Blame.NOBODY) {
            request.setAttribute(ERROR, visit.outcome().name());
        }
        if (visit.outcome().blame() == Outcome.Blame.SERVICE) {
            request.setStatus(StatusCode.ERROR);
        }
    }

    private void stage(Context inside, String name, long start, long nanos) {
        if (nanos > 0) {
            tracer.spanBuilder(name)
                    .setParent(inside)
                    .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                    .startSpan()
                    .end(start + nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    /** Sends what is there, for a few seconds at most. */
    @Override
    public void close() {
        var unused = sdk.shutdown().join(LAST_BATCH.toMillis(), TimeUnit.MILLISECONDS);
    }
}
