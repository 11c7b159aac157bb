package dev.graft.predict;

/** How often texts come: the mean time between two, of which the last twenty or so count most. */
final class Arrivals {
    private static final double NEWEST = 0.05;

    private double meanGap = Double.POSITIVE_INFINITY;
    private long last = Long.MIN_VALUE;

    void come(long now) {
        if (last != Long.MIN_VALUE) {
            double gap = now - last;
            meanGap = meanGap == Double.POSITIVE_INFINITY ? gap : meanGap + NEWEST * (gap - meanGap);
        }
        last = now;
    }

    /** Nanoseconds from one text to the next; infinite before there were two. */
    double gap() {
        return meanGap;
    }

    /** Nanoseconds since the last one. */
    long since(long now) {
        return last == Long.MIN_VALUE ? Long.MAX_VALUE : now - last;
    }
}
