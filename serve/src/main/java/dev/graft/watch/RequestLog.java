package dev.graft.watch;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes a line for each request, and for each alert that begins or ends, on a thread of its own: whoever answers
 * requests never waits for it. What finds no room, or cannot be written, is counted and gone.
 */
final class RequestLog implements AutoCloseable {
    private static final int MOST_WAITING = 16_384;
    private static final long GLANCE_NANOS = 50_000_000;

    private final LogLine format;
    private final LogFile file;
    private final Consumer<String> says;
    private final Queue<Supplier<String>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final Thread writing = new Thread(this::writeAll, "graft-log");
    private volatile boolean closed;
    private boolean failing;

    /**
     * Begins to write.
     *
     * @param says hears once when lines cannot be written, and once when they can again
     * @throws dev.graft.InputException if the file cannot be opened at all
     */
    RequestLog(LogSettings settings, LogFile file, InstantSource clock, Consumer<String> says) {
        this.format = new LogLine(settings.format(), clock);
        this.file = file;
        this.says = says;
        writing.setDaemon(true);
        writing.start();
    }

    /** Takes a request in, and returns at once. */
    void request(Visit visit) {
        var at = format.now();
        offer(() -> format.request(at, visit));
    }

    /** Takes an alert in, and returns at once. */
    void alert(Alert alert) {
        var at = format.now();
        offer(() -> format.alert(at, alert));
    }

    private void offer(Supplier<String> line) {
        if (count.incrementAndGet() > MOST_WAITING) {
            count.decrementAndGet();
            lost.incrementAndGet();
        } else {
            waiting.add(line);
        }
    }

    /** Lines that were not written. */
    long lost() {
        return lost.get();
    }

    private void writeAll() {
        boolean last = false;
        while (!last) {
            last = closed;
            writeWaiting();
            if (!last) {
                LockSupport.parkNanos(GLANCE_NANOS);
            }
        }
        file.close();
    }

    private void writeWaiting() {
        var text = new StringBuilder();
        int lines = 0;
        for (Supplier<String> line = waiting.poll(); line != null; line = waiting.poll()) {
            count.decrementAndGet();
            text.append(line.get()).append('\n');
            lines++;
            if (text.length() > MOST_WAITING) {
                write(text, lines);
                lines = 0;
            }
        }
        if (lines > 0) {
            write(text, lines);
        }
    }

    private void write(StringBuilder text, int lines) {
        try {
            file.write(text.toString().getBytes(StandardCharsets.UTF_8));
            if (failing) {
                says.accept("the log is written again; " + lost.get() + " lines are missing in it");
                failing = false;
            }
        } catch (IOException | GraftException e) {
            lost.addAndGet(lines);
            if (!failing) {
                says.accept("the log cannot be written, and serving goes on without it: " + e.getMessage());
                failing = true;
            }
        }
        text.setLength(0);
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writing);
        try {
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
