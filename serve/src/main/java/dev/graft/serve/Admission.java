package dev.graft.serve;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are under way, up to a limit. */
final class Admission {
    private final AtomicInteger under = new AtomicInteger();
    private final int most;

    Admission(int most) {
        this.most = most;
    }

    /** Takes one in; false where there is no room. */
    boolean enter() {
        if (under.incrementAndGet() <= most) {
            return true;
        }
        under.decrementAndGet();
        return false;
    }

    /** Whether there is no room now. */
    boolean isFull() {
        return under.get() >= most;
    }

    void leave() {
        under.decrementAndGet();
    }

    /** What a request is told that was not taken in. */
    static Problem refused() {
        return new Problem(
                Problem.Type.OVERLOADED,
                "As many requests are under way as --max-concurrent-requests allows; ask again later",
                Duration.ofSeconds(1));
    }

    /** Requests that are under way. */
    int count() {
        return under.get();
    }
}
