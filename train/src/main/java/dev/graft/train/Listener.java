package dev.graft.train;

/** Sees what a run does and cannot change it; every method does nothing unless it is overridden. */
public interface Listener {
    /** A listener that ignores everything. */
    Listener NONE = new Listener() {};

    /** Something a person should know that stops nothing: about the data, the model or the machine. */
    default void warning(String message) {}

    /** A stage of the run begins: reading, encoding, training, scoring, writing. */
    default void stage(String message) {}

    /** The frozen part of the network has been computed for some of the rows; those of a cache are not told of. */
    default void prefixComputed(int rowsDone, int rows) {}

    /** An epoch begins. */
    default void epochStarted(int epoch, int epochs, int rows) {}

    /** Rows of the current epoch have passed through the network, with the mean loss so far. */
    default void stepEnded(int rowsDone, double meanLoss) {}

    /** An epoch has ended and its weights are scored; {@code kept} says whether they are the best so far. */
    default void epochEnded(History.Epoch epoch, boolean kept) {}

    /** A checkpoint from which the run can be resumed lies on disk. */
    default void checkpointWritten(java.nio.file.Path file) {}
}
