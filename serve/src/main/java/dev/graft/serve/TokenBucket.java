package dev.graft.serve;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many requests a second on average; what was not asked for in the last second may be asked for at once.
 *
 * <p>One number says how full the bucket is: the time at which it is full again (the generic cell rate algorithm of
 * ITU-T I.371).
 */
final class TokenBucket {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double SLOWEST = 1e-6;

    private final AtomicLong full;
    private final long cost;
    private final long room;

    /**
     * A full bucket.
     *
     * @param rate requests a second, more than 0
     * @param now as {@link System#nanoTime} tells it
     */
    TokenBucket(double rate, long now) {
        this.cost = Math.max(1, Math.round(NANOS / Math.max(rate, SLOWEST)));
        this.room = Math.max(cost, TimeUnit.SECONDS.toNanos(1));
        this.full = new AtomicLong(now);
    }

    /** Takes one out; else, how many nanoseconds it is until there will be one. */
    long take(long now) {
        while (true) {
            long before = full.get();
            long after = (before - now > 0 ? before : now) + cost;
            long missing = after - now - room;
            if (missing > 0) {
                return missing;
            }
            if (full.compareAndSet(before, after)) {
                return 0;
            }
        }
    }
}
