package dev.graft.watch;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many durations fell where: eight buckets to every doubling, from one microsecond to two minutes.
 *
 * <p>Recording takes no lock. A quantile is off by at most a bucket's width, an eighth of its value.
 */
final class Spread {
    private static final int FINENESS = 3;
    private static final int PER_DOUBLING = 1 << FINENESS;
    private static final int HIGHEST_DOUBLING = 26;
    private static final int BUCKETS = (HIGHEST_DOUBLING - FINENESS + 2) * PER_DOUBLING;
    private static final long LONGEST = (1L << (HIGHEST_DOUBLING + 1)) - 1;
    private static final double MICROS = 1e-6;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

    void record(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, Math.min(LONGEST, nanos / 1_000))));
    }

    void add(Spread other) {
        for (int i = 0; i < BUCKETS; i++) {
            int more = other.counts.get(i);
            if (more != 0) {
                counts.addAndGet(i, more);
            }
        }
    }

    long count() {
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            count += counts.get(i);
        }
        return count;
    }

    /**
     * The duration below which a share of all lies, in seconds; not a number where there are none.
     *
     * @param share 0 to 1
     */
    double quantile(double share) {
        long count = count();
        double rank = share * count;
        long before = 0;
        for (int i = 0; i < BUCKETS && count > 0; i++) {
            int here = counts.get(i);
            if (here > 0 && before + here >= rank) {
                double within = Math.max(0, rank - before) / here;
                return MICROS * (start(i) + within * (start(i + 1) - start(i)));
            }
            before += here;
        }
        return Double.NaN;
    }

    private static int bucket(long micros) {
        if (micros < PER_DOUBLING) {
            return (int) micros;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        int part = (int) (micros >> (doubling - FINENESS)) & (PER_DOUBLING - 1);
        return (doubling - FINENESS + 1) * PER_DOUBLING + part;
    }

    /** The shortest duration of a bucket, in microseconds. */
    private static long start(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / PER_DOUBLING - 1;
        return (long) (PER_DOUBLING + bucket % PER_DOUBLING) << shift;
    }
}
