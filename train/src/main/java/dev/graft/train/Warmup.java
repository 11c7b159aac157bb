package dev.graft.train;

import dev.graft.InputException;

/**
 * How long the learning rate rises at the beginning of a phase.
 *
 * @param ratio the share of the phase's steps, 0 to 1
 * @param steps their number, in place of the share where it is more than 0
 */
public record Warmup(double ratio, int steps) {
    /** No rise. */
    public static final Warmup NONE = new Warmup(0, 0);

    public Warmup {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new InputException("--warmup-ratio is a share of the steps, 0 to 1, not " + ratio + "; 0.1 is usual");
        }
        if (steps < 0) {
            throw new InputException("--warmup-steps must be 0 (then --warmup-ratio counts) or more, not " + steps);
        }
    }

    /** A rise over a share of the steps. */
    public static Warmup ratio(double share) {
        return new Warmup(share, 0);
    }

    /** What is read of the two. */
    Warmup read() {
        return steps == 0 ? this : new Warmup(0, steps);
    }

    /** The share of a phase of so many steps, 0 to 1. */
    double share(long phaseSteps) {
        return steps == 0 ? ratio : Math.min(1, (double) steps / phaseSteps);
    }
}
