package dev.graft.predict;

import java.time.Duration;

/**
 * How much work waits and is under way, and how long it will take. The {@link CostModel} was measured on an idle machine,
 * so what it says is held against what batches really take. Whoever uses it holds a lock.
 */
final class Backlog {
    private static final double NEWEST = 0.1;
    private static final double SLOWEST = 100;
    private static final double FORGETTING_NANOS = 1e9;

    private final CostModel cost;
    private final long[] begun;
    private final double[] expected;
    private double waiting;
    private double slowness;
    private long measured = Long.MIN_VALUE;

    /** @param lanes batches that are computed at the same time, each in a lane of its own */
    Backlog(CostModel cost, int lanes) {
        this.cost = cost;
        this.begun = new long[lanes];
        this.expected = new double[lanes];
    }

    void add(int length) {
        waiting += cost.rowNanos(length);
    }

    /** @param last whether nothing waits any more, so that rounding errors end here */
    void remove(int length, boolean last) {
        waiting = last ? 0 : waiting - cost.rowNanos(length);
    }

    void begin(int lane, int rows, int length, long now) {
        begun[lane] = now;
        expected[lane] = cost.nanos(rows, length);
    }

    /** What the lane computed is done. */
    void end(int lane, long now) {
        if (expected[lane] > 0) {
            double before = pace(now) - 1;
            double ratio = Math.min(SLOWEST, (now - begun[lane]) / expected[lane]);
            slowness = Math.max(0, before + NEWEST * (ratio - 1 - before));
            measured = now;
            expected[lane] = 0;
        }
    }

    /**
     * How many times as long as on an idle machine a batch takes, 1 or more. What was measured counts less as time goes by:
     * where all is refused for being slow, nothing is measured that could show that it no longer is.
     */
    double pace(long now) {
        return slowness == 0 ? 1 : 1 + slowness * Math.exp((measured - now) / FORGETTING_NANOS);
    }

    /** Time until all that waits now is computed. */
    Duration untilEmpty(long now) {
        double pace = pace(now);
        double left = pace * waiting;
        for (int lane = 0; lane < expected.length; lane++) {
            left += expected[lane] == 0 ? 0 : Math.max(0, pace * expected[lane] - (now - begun[lane]));
        }
        return Duration.ofNanos((long) (left / expected.length));
    }
}
