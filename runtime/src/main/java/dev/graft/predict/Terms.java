package dev.graft.predict;

import java.time.Duration;

/**
 * What a caller asks of the queue.
 *
 * @param deadline as {@link System#nanoTime} tells it; {@link #NEVER} for none
 * @param priority higher ones go first, whatever waits below them
 */
public record Terms(long deadline, int priority) {
    /** No deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    /** No deadline, priority 0. */
    public static final Terms NONE = new Terms(NEVER, 0);

    /** Terms whose deadline lies so far from now. */
    public static Terms within(Duration time, int priority) {
        return new Terms(System.nanoTime() + time.toNanos(), priority);
    }

    /** Nanoseconds from {@code now} to the deadline; very many where there is none. */
    long left(long now) {
        return deadline == NEVER ? NEVER : deadline - now;
    }
}
