package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final Function<String, @Nullable String> NO_HEADERS = name -> null;
    private static final Outcome LATE = new Outcome("deadline", 504, Outcome.Blame.SERVICE);
    private static final long MILLI = 1_000_000;
    private static final long A_MOMENT = 5_000 * MILLI;

    private Collector collector;

    @BeforeEach
    void collect() throws IOException {
        collector = new Collector();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private static Visit visited(Watch watch, Function<String, @Nullable String> header, Outcome outcome)
            throws InterruptedException {
        Visit visit = watch.visit("predict", header);
        visit.predictionId("an-id");
        visit.model("tiny", "0123456789ab");
        visit.tokenised(System.nanoTime(), MILLI);
        visit.computed(2 * MILLI, 3 * MILLI);
        Thread.sleep(10);
        visit.written(MILLI / 2);
        visit.end(outcome);
        return visit;
    }

    private Visit traced(Function<String, @Nullable String> header, Outcome outcome) throws InterruptedException {
        try (Watch watch = Watch.start(WatchSettings.DEFAULT.withOtlpEndpoint(collector.address()), said -> {})) {
            return visited(watch, header, outcome);
        }
    }

    private Span span(String name) {
        return collector.spans().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        each -> each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue()));
    }

    private static long length(Span span) {
        return span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
    }

    @Test
    void aRequestIsASpanWithItsStagesInside() throws InterruptedException {
        Visit visit = traced(NO_HEADERS, Outcome.SUCCESS);
        assertThat(collector.spans())
                .extracting(Span::getName)
                .containsExactlyInAnyOrder("predict", "tokenise", "queue", "infer", "post");
        Span request = span("predict");
        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(request.getParentSpanId().isEmpty()).isTrue();
        assertThat(Collector.hex(request.getTraceId()))
                .isEqualTo(visit.traceId())
                .hasSize(32);
        assertThat(attributes(request.getAttributesList()))
                .containsEntry("graft.model.name", "tiny")
                .containsEntry("graft.model.version", "0123456789ab")
                .containsEntry("graft.prediction.id", "an-id")
                .containsEntry("http.response.status_code", "200");
        assertThat(collector.spans()).filteredOn(span -> !span.equals(request)).allSatisfy(stage -> {
            assertThat(stage.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(stage.getTraceId()).isEqualTo(request.getTraceId());
            assertThat(stage.getStartTimeUnixNano()).isGreaterThanOrEqualTo(request.getStartTimeUnixNano());
            assertThat(stage.getEndTimeUnixNano()).isLessThanOrEqualTo(request.getEndTimeUnixNano());
        });
        assertThat(attributes(collector.taken().get(0).getResource().getAttributesList()))
                .containsEntry("service.name", "graft");
    }

    @Test
    void stagesFollowOneAnotherAndLastAsLongAsTheyTook() throws InterruptedException {
        traced(NO_HEADERS, Outcome.SUCCESS);
        assertThat(length(span("tokenise"))).isEqualTo(MILLI);
        assertThat(length(span("queue"))).isEqualTo(2 * MILLI);
        assertThat(length(span("infer"))).isEqualTo(3 * MILLI);
        assertThat(length(span("post"))).isEqualTo(MILLI / 2);
        assertThat(span("queue").getStartTimeUnixNano())
                .isEqualTo(span("tokenise").getEndTimeUnixNano());
        assertThat(span("infer").getStartTimeUnixNano()).isEqualTo(span("queue").getEndTimeUnixNano());
        assertThat(span("predict").getEndTimeUnixNano())
                .isCloseTo(System.currentTimeMillis() * MILLI, within(A_MOMENT));
    }

    @Test
    void theCallersTraceIsContinued() throws InterruptedException {
        Map<String, String> headers =
                Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "rojo=1,congo=2");
        Visit visit = traced(headers::get, Outcome.SUCCESS);
        Span request = span("predict");
        assertThat(Collector.hex(request.getTraceId())).isEqualTo(TRACE);
        assertThat(Collector.hex(request.getParentSpanId())).isEqualTo(PARENT);
        assertThat(request.getTraceState()).isEqualTo("rojo=1,congo=2");
        assertThat(visit.traceId()).isEqualTo(TRACE);
    }

    @Test
    void whatTheCallerDoesNotTraceIsNotSentButKeepsItsId() throws InterruptedException {
        Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00");
        Visit visit = traced(headers::get, Outcome.SUCCESS);
        assertThat(collector.spans()).isEmpty();
        assertThat(visit.traceId()).isEqualTo(TRACE);
    }

    @Test
    void aParentThatCannotBeReadIsNone() throws InterruptedException {
        for (String parent : new String[] {
            "",
            "00",
            "00-" + TRACE,
            "ff-" + TRACE + "-" + PARENT + "-01",
            "00-" + "0".repeat(32) + "-" + PARENT + "-01",
            "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + PARENT + "-01",
            "x".repeat(100_000),
            "00-\u0000"
        }) {
            assertThat(Caller.of(Map.of("traceparent", parent)::get).traceId()).isEmpty();
        }
        assertThat(Caller.of(Map.of("traceparent", "cc-" + TRACE + "-" + PARENT + "-01-what-comes-later")::get)
                        .traceId())
                .as("a later version, read as this one")
                .isEqualTo(TRACE);
    }

    @Test
    void aFaultOfTheServiceIsAnErrorOfTheSpan() throws InterruptedException {
        traced(NO_HEADERS, LATE);
        Span request = span("predict");
        assertThat(request.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(request.getAttributesList()))
                .containsEntry("error.type", "deadline")
                .containsEntry("http.response.status_code", "504");
    }

    @Test
    void withoutACollectorTheCallersIdIsKnownAllTheSame() throws InterruptedException {
        Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01");
        try (Watch watch = Watch.start(WatchSettings.DEFAULT, said -> {})) {
            assertThat(visited(watch, headers::get, Outcome.SUCCESS).traceId()).isEqualTo(TRACE);
            assertThat(visited(watch, NO_HEADERS, Outcome.SUCCESS).traceId()).isEmpty();
        }
    }

    @Test
    void aCollectorThatIsNotThereHoldsNothingUp() throws InterruptedException {
        URI nobody = collector.address();
        collector.close();
        long start = System.nanoTime();
        var traced = WatchSettings.DEFAULT.withOtlpEndpoint(nobody);
        try (Watch watch = Watch.start(traced, said -> {})) {
            for (int i = 0; i < 50; i++) {
                visited(watch, NO_HEADERS, Outcome.SUCCESS);
            }
        }
        assertThat(System.nanoTime() - start).isLessThan(30_000 * MILLI);
    }

    @Test
    void spansThatCannotBeSentAreCountedAndSaidOnce() {
        var lost = new AtomicLong();
        List<String> said = new ArrayList<>();
        var failing = new AtomicBoolean(true);
        try (SdkTracerProvider spans = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new CountedSpans(new Failing(failing), lost, said::add)))
                .build()) {
            for (boolean fails : new boolean[] {true, true, false, true}) {
                failing.set(fails);
                spans.get("test").spanBuilder("span").startSpan().end();
            }
        }
        assertThat(lost).hasValue(3);
        assertThat(said).hasSize(2).allMatch(words -> words.contains("serving goes on"));
    }

    /** Takes nothing as long as it shall fail. */
    private record Failing(AtomicBoolean fails) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return fails.get() ? CompletableResultCode.ofFailure() : CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
