package dev.graft.eval;

import java.util.SplittableRandom;

/** Row numbers drawn with replacement; the same on every machine and JDK for a seed. */
final class Draws {
    private final SplittableRandom random;
    private final int rows;

    Draws(long seed, int rows) {
        this.random = new SplittableRandom(seed);
        this.rows = rows;
    }

    /** A row from 0 to rows - 1: 32 random bits scaled down, which favours no row by more than 1 in 2^32 / rows. */
    int next() {
        return (int) (((random.nextLong() >>> 32) * rows) >>> 32);
    }
}
