package dev.graft.serve;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A job's events for one listener, as server-sent events; all of it happens on the connection's own event loop.
 *
 * <p>A listener who reads slowly skips what was overtaken: at most one message is on its way.
 *
 * <p>Source: the HTML standard, section "Server-sent events".
 */
final class EventStream implements Job.Listener {
    private final Job job;
    private final HttpResponseWriter out = HttpResponse.streaming();
    private final ScheduledExecutorService loop;
    private long last;
    private boolean sending;

    private EventStream(Job job, long last, ScheduledExecutorService loop) {
        this.job = job;
        this.last = last;
        this.loop = loop;
    }

    /**
     * The answer that tells what happens after an event.
     *
     * @param left is run once the listener has left
     */
    static HttpResponse of(ServiceRequestContext context, Job job, long last, Duration heartBeat, Runnable left) {
        context.clearRequestTimeout();
        var stream = new EventStream(job, last, context.eventLoop());
        Future<?> beats = context.eventLoop()
                .scheduleAtFixedRate(stream::beat, heartBeat.toMillis(), heartBeat.toMillis(), TimeUnit.MILLISECONDS);
        stream.out.whenComplete().handle((done, failure) -> {
            beats.cancel(false);
            job.leave(stream);
            left.run();
            return null;
        });
        stream.out.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.EVENT_STREAM)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
        job.listen(stream);
        stream.changed();
        return stream.out;
    }

    @Override
    public void changed() {
        loop.execute(this::tell);
    }

    @Override
    public void letGo() {
        loop.execute(() -> {
            tell();
            out.close();
        });
    }

    private void tell() {
        if (sending) {
            return;
        }
        List<Job.Event> events = job.after(last);
        if (!events.isEmpty()) {
            var text = new StringBuilder();
            events.forEach(event -> append(text, event));
            last = events.get(events.size() - 1).number();
            send(text.toString());
        }
        if (job.record().state().ended() && job.after(last).isEmpty()) {
            out.close();
        }
    }

    private static void append(StringBuilder text, Job.Event event) {
        text.append("id: ").append(event.number()).append('\n');
        text.append("event: ").append(event.record().state().word()).append('\n');
        text.append("data: ")
                .append(JsonBody.of(event.record()::write).toStringUtf8())
                .append("\n\n");
    }

    private void send(String text) {
        sending = out.tryWrite(HttpData.ofUtf8(text));
        if (sending) {
            out.whenConsumed().handle((done, failure) -> {
                loop.execute(() -> {
                    sending = false;
                    tell();
                });
                return null;
            });
        }
    }

    private void beat() {
        if (!sending) {
            send(": \n\n");
        }
    }
}
