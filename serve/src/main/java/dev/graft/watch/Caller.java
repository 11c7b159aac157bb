package dev.graft.watch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of the trace that its request belongs to, as the headers have it.
 *
 * <p>Source: W3C Trace Context, level 1.
 *
 * @param traceparent empty where there is none
 */
record Caller(String traceparent, String tracestate) {
    private static final Caller UNKNOWN = new Caller("", "");
    private static final TextMapGetter<Caller> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Caller caller) {
            return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable Caller caller, String key) {
            if (caller == null) {
                return null;
            }
            return switch (key) {
                case "traceparent" -> caller.traceparent;
                case "tracestate" -> caller.tracestate;
                default -> null;
            };
        }
    };

    static Caller of(Function<String, @Nullable String> header) {
        String parent = header.apply("traceparent");
        if (parent == null) {
            return UNKNOWN;
        }
        String state = header.apply("tracestate");
        return new Caller(parent, state == null ? "" : state);
    }

    /** The span that the request comes from; the root where there is none, or none that can be read. */
    Context context() {
        return traceparent.isEmpty()
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), this, HEADERS);
    }

    /** The id of the trace, in 32 hexadecimal digits; empty where there is none. */
    String traceId() {
        if (traceparent.isEmpty()) {
            return "";
        }
        SpanContext span = Span.fromContext(context()).getSpanContext();
        return span.isValid() ? span.getTraceId() : "";
    }
}
