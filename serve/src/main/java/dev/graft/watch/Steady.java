package dev.graft.watch;

import java.time.Instant;
import java.time.InstantSource;

/** The time of day when the service began and what has passed since: setting the machine's clock does not move it. */
final class Steady implements InstantSource {
    private final Instant origin = Instant.now();
    private final long start = System.nanoTime();

    @Override
    public Instant instant() {
        return origin.plusNanos(System.nanoTime() - start);
    }
}
