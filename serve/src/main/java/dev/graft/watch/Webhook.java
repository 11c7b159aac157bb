package dev.graft.watch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells alerts to an address, one after another on a thread of its own; what cannot be told is tried again, later each
 * time, and given up in the end.
 */
final class Webhook implements AutoCloseable {
    private static final int MOST_WAITING = 64;
    private static final int MOST_TRIES = 6;
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration ANSWERING = Duration.ofSeconds(10);

    private final URI address;
    private final Duration firstPause;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECTING).build();
    private final Thread telling = new Thread(this::tellAll, "graft-alerts");

    /** @param firstPause before the second try; each further one is twice as long */
    Webhook(URI address, Duration firstPause) {
        this.address = address;
        this.firstPause = firstPause;
        telling.setDaemon(true);
        telling.start();
    }

    /** Takes a notice in, and returns at once; one that finds no room is lost. */
    void tell(String notice) {
        if (!waiting.offer(notice)) {
            lost.incrementAndGet();
        }
    }

    /** Notices that were taken. */
    long delivered() {
        return delivered.get();
    }

    /** Notices that were given up. */
    long lost() {
        return lost.get();
    }

    private void tellAll() {
        try {
            while (true) {
                boolean taken = deliver(waiting.take());
                (taken ? delivered : lost).incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean deliver(String notice) throws InterruptedException {
        long pause = firstPause.toMillis();
        for (int tried = 1; ; tried++, pause *= 2) {
            int status = post(notice);
            if (status / 100 == 2) {
                return true;
            }
            boolean worthAnother = status == 0 || status == 429 || status / 100 == 5;
            if (!worthAnother || tried == MOST_TRIES) {
                return false;
            }
            Thread.sleep(pause);
        }
    }

    /** The answer's status; 0 where there is none. */
    private int post(String notice) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(ANSWERING)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(notice))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Ends; what has not been told is lost. */
    @Override
    public void close() {
        telling.interrupt();
    }
}
