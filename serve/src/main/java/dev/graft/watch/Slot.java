package dev.graft.watch;

import java.util.concurrent.atomic.AtomicLong;

/** What happened in ten seconds, or in several times ten seconds put together. */
final class Slot {
    private final long number;
    private final Spread latency = new Spread();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong padded = new AtomicLong();
    private volatile double queued = Double.NaN;

    /** @param number of tens of seconds since the epoch */
    Slot(long number) {
        this.number = number;
    }

    long number() {
        return number;
    }

    void request(Outcome outcome, long nanos) {
        requests.incrementAndGet();
        switch (outcome.blame()) {
            case NOBODY -> latency.record(nanos);
            case SERVICE -> failures.incrementAndGet();
            case CALLER -> refused.incrementAndGet();
        }
    }

    void cache(boolean hit) {
        (hit ? hits : misses).incrementAndGet();
    }

    void batch(int rowCount, int tokenCount, int paddedTokens) {
        batches.incrementAndGet();
        rows.addAndGet(rowCount);
        tokens.addAndGet(tokenCount);
        padded.addAndGet(paddedTokens);
    }

    void queued(double texts) {
        queued = texts;
    }

    void add(Slot other) {
        latency.add(other.latency);
        requests.addAndGet(other.requests.get());
        failures.addAndGet(other.failures.get());
        refused.addAndGet(other.refused.get());
        hits.addAndGet(other.hits.get());
        misses.addAndGet(other.misses.get());
        batches.addAndGet(other.batches.get());
        rows.addAndGet(other.rows.get());
        tokens.addAndGet(other.tokens.get());
        padded.addAndGet(other.padded.get());
        if (!Double.isNaN(other.queued)) {
            queued = Double.isNaN(queued) ? other.queued : queued + other.queued;
        }
    }

    /** How long answered requests took. */
    Spread latency() {
        return latency;
    }

    long requests() {
        return requests.get();
    }

    /** Requests that the service failed to answer. */
    long failures() {
        return failures.get();
    }

    /** Requests that were not what they must be. */
    long refused() {
        return refused.get();
    }

    /** Texts that waited when the slot was last looked at; not a number where nobody looked. */
    double queued() {
        return queued;
    }

    /** The share of requests that the service failed to answer. */
    double failureShare() {
        return share(failures.get(), requests.get());
    }

    /** The share of requests that were not what they must be. */
    double refusedShare() {
        return share(refused.get(), requests.get());
    }

    /** The share of texts that were answered without computing. */
    double hitShare() {
        return share(hits.get(), hits.get() + misses.get());
    }

    /** Texts a batch, on average. */
    double batchRows() {
        return share(rows.get(), batches.get());
    }

    /** The share of computed tokens that are padding. */
    double paddingShare() {
        return share(padded.get() - tokens.get(), padded.get());
    }

    private static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }
}
