package dev.graft.train;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * Stops a training, or a lap of several, once it is to be seen that it takes longer than it may.
 *
 * <p>What is left is taken to go as fast as the fastest tenth so far, of two at least, so that a moment in which other
 * programs took the processors ends nothing.
 */
final class Pace implements Listener, BooleanSupplier {
    private static final double SECONDS_SEEN = 5;
    private static final double PART = 0.1;
    private static final int PARTS_SEEN = 2;

    private final BooleanSupplier interrupted;
    private final double room;
    private final DoubleSupplier clock;
    private double start;
    private double training;
    private double share;
    private double partBegan;
    private double shareBefore;
    private double fastest;
    private int parts;

    private int epoch;
    private int epochs = 1;
    private int rows = 1;

    /** @param room seconds that it may take */
    Pace(BooleanSupplier interrupted, double room) {
        this(interrupted, room, () -> System.nanoTime() / 1e9);
    }

    /** @param clock seconds since some moment */
    Pace(BooleanSupplier interrupted, double room, DoubleSupplier clock) {
        this.interrupted = interrupted;
        this.room = room;
        this.clock = clock;
        begin();
    }

    /** From now on another training is looked at. */
    void begin() {
        start = clock.getAsDouble();
        trainingBegins();
    }

    private void trainingBegins() {
        training = clock.getAsDouble();
        share = 0;
        partBegan = training;
        shareBefore = 0;
        fastest = Double.POSITIVE_INFINITY;
        parts = 0;
    }

    @Override
    public void epochStarted(int number, int ofEpochs, int ofRows) {
        if (number == 1) {
            trainingBegins();
        }
        epoch = number;
        epochs = ofEpochs;
        rows = ofRows;
    }

    @Override
    public void stepEnded(int rowsDone, double meanLoss) {
        share = (epoch - 1 + (double) rowsDone / rows) / epochs;
        if (share - shareBefore >= PART) {
            double now = clock.getAsDouble();
            fastest = Math.min(fastest, (now - partBegan) / (share - shareBefore));
            partBegan = now;
            shareBefore = share;
            parts++;
        }
    }

    @Override
    public boolean getAsBoolean() {
        double now = clock.getAsDouble();
        boolean seen = now - training > SECONDS_SEEN && parts >= PARTS_SEEN;
        double left = seen ? (1 - share) * fastest : 0;
        return interrupted.getAsBoolean() || now - start + left > room;
    }
}
