package dev.graft.train;

/** Seeds for parts of a run, all from the run's one seed. */
final class Seeds {
    private Seeds() {}

    /** A seed for the n-th of something (Steele et al. 2014, the finaliser of SplitMix64). */
    static long mix(long seed, long n) {
        long z = seed + 0x9E3779B97F4A7C15L * (n + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
