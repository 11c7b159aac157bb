package dev.graft.watch;

import java.time.Instant;
import java.time.InstantSource;

/** The time of day when the service began and what has passed since: setting the machine's clock does not move it. */
final class Steady implements InstantSource {
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Instant origin = Instant.now();
    private final long originMillis = origin.toEpochMilli();
    private final long start = System.nanoTime();

    /** Asked for several times a request, so it makes nothing. */
    @Override
    public long millis() {
        return originMillis + (System.nanoTime() - start) / NANOS_A_MILLI;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(System.nanoTime() - start);
    }
}
