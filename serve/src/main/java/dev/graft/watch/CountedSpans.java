package dev.graft.watch;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Counts the spans that could not be sent, and says once that this began. */
final class CountedSpans implements SpanExporter {
    private final SpanExporter sending;
    private final AtomicLong lost;
    private final Consumer<String> says;
    private final AtomicBoolean failing = new AtomicBoolean();

    CountedSpans(SpanExporter sending, AtomicLong lost, Consumer<String> says) {
        this.sending = sending;
        this.lost = lost;
        this.says = says;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = sending.export(spans);
        return result.whenComplete(() -> sent(count, result.isSuccess()));
    }

    private void sent(int count, boolean taken) {
        if (taken) {
            failing.set(false);
            return;
        }
        lost.addAndGet(count);
        if (!failing.getAndSet(true)) {
            says.accept("the collector of --otlp-endpoint takes no traces, and serving goes on without them");
        }
    }

    @Override
    public CompletableResultCode flush() {
        return sending.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return sending.shutdown();
    }
}
