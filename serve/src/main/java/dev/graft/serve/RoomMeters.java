package dev.graft.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** How many models are in memory, what they take, and how often they come and go. */
final class RoomMeters {
    private final Counter loads;
    private final Counter evictions;
    private final AtomicLong count;
    private final AtomicLong bytes;

    RoomMeters(MeterRegistry registry) {
        this.loads = registry.counter("graft.models.loads");
        this.evictions = registry.counter("graft.models.evictions");
        this.count = registry.gauge("graft.models.in.memory", new AtomicLong());
        this.bytes = registry.gauge("graft.models.memory.bytes", new AtomicLong());
    }

    /** A model came into memory. */
    void loaded(int models, long taken) {
        loads.increment();
        left(models, taken);
    }

    /** A model was unloaded because another needed the room. */
    void evicted(int models, long taken) {
        evictions.increment();
        left(models, taken);
    }

    /** What there is now. */
    void left(int models, long taken) {
        count.set(models);
        bytes.set(taken);
    }
}
