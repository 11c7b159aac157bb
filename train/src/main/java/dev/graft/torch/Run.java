package dev.graft.torch;

/** What all nodes of one run share. */
final class Run {
    private final boolean training;
    private final long seed;
    private final Device device;
    private long draws;

    Run(boolean training, long seed, Device device) {
        this.training = training;
        this.seed = seed;
        this.device = device;
    }

    boolean training() {
        return training;
    }

    Device device() {
        return device;
    }

    /** A stream of random numbers that depends on the run's seed and on how many were asked for before in this run. */
    RandomStream nextStream() {
        return new RandomStream(seed, draws++);
    }
}
