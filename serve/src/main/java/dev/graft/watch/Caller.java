package dev.graft.watch;

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
    static final Caller UNKNOWN = new Caller("", "");

    static Caller of(Function<String, @Nullable String> header) {
        String parent = header.apply("traceparent");
        if (parent == null) {
            return UNKNOWN;
        }
        String state = header.apply("tracestate");
        return new Caller(parent, state == null ? "" : state);
    }
}
