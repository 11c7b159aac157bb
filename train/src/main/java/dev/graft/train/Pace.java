package dev.graft.train;

import java.util.function.BooleanSupplier;

/** Stops a training, or a lap of several, once it is to be seen that it takes longer than it may. */
final class Pace implements Listener, BooleanSupplier {
    private static final double SECONDS_SEEN = 5;
    private static final double SHARE_SEEN = 0.1;

    private final BooleanSupplier interrupted;
    private final double room;
    private long start = System.nanoTime();
    private long training = start;
    private double share;

    private int epoch;
    private int epochs = 1;
    private int rows = 1;

    /** @param room seconds that it may take */
    Pace(BooleanSupplier interrupted, double room) {
        this.interrupted = interrupted;
        this.room = room;
    }

    /** From now on another training is looked at. */
    void begin() {
        start = System.nanoTime();
        training = start;
        share = 0;
    }

    @Override
    public void epochStarted(int number, int ofEpochs, int ofRows) {
        if (number == 1) {
            training = System.nanoTime();
            share = 0;
        }
        epoch = number;
        epochs = ofEpochs;
        rows = ofRows;
    }

    @Override
    public void stepEnded(int rowsDone, double meanLoss) {
        share = (epoch - 1 + (double) rowsDone / rows) / epochs;
    }

    @Override
    public boolean getAsBoolean() {
        double before = (training - start) / 1e9;
        double seconds = (System.nanoTime() - training) / 1e9;
        boolean slow = before + seconds > room
                || share > SHARE_SEEN && seconds > SECONDS_SEEN && before + seconds / share > room;
        return interrupted.getAsBoolean() || slow;
    }
}
