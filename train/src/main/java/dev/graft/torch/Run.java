package dev.graft.torch;

import java.util.Optional;

/** What all nodes of one run share. */
final class Run {
    /** No model that ends comes near; what so many rounds gather still fits a small Java heap. */
    private static final long ROUNDS = 1_000_000;

    private final boolean training;
    private final long seed;
    private final Device device;
    private final long rounds;
    private final Statistics statistics = new Statistics();
    private final WaysBack waysBack = new WaysBack();
    private long draws;
    private long past;
    private Tap tap = Tap.NONE;

    Run(boolean training, long seed, Device device) {
        this(training, seed, device, ROUNDS);
    }

    /** @param rounds how often the bodies of all loops may run together */
    Run(boolean training, long seed, Device device, long rounds) {
        this.training = training;
        this.seed = seed;
        this.device = device;
        this.rounds = rounds;
    }

    boolean training() {
        return training;
    }

    Device device() {
        return device;
    }

    /** The rounds that loops may have in this run; empty as long as they are not used up. */
    Optional<Long> exhausted() {
        return past++ < rounds ? Optional.empty() : Optional.of(rounds);
    }

    /** The running averages that this run moves. */
    Statistics statistics() {
        return statistics;
    }

    /** The ways back that operators of this run compute themselves. */
    WaysBack waysBack() {
        return waysBack;
    }

    /** This run, with somebody who sees its nodes. */
    Run watchedBy(Tap watcher) {
        tap = watcher;
        return this;
    }

    Tap tap() {
        return tap;
    }

    /** A run that draws what this one is going to draw from here on. */
    Run fromHere() {
        Run other = new Run(training, seed, device, rounds).watchedBy(tap);
        other.draws = draws;
        return other;
    }

    /** A stream of random numbers that depends on the run's seed and on how many were asked for before in this run. */
    RandomStream nextStream() {
        return new RandomStream(seed, draws++);
    }
}
