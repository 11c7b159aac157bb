package dev.graft.predict;

/**
 * How a predictor uses the machine.
 *
 * @param threads processors to use; 0 for all
 * @param batchSize texts that are computed together
 * @param serving whether the machine is shared with what asks: threads that wait then leave their processor to others,
 *     and memory is handed back; and whether the features below the classifier are given out too
 * @param engine what computes
 */
public record PredictorSettings(int threads, int batchSize, boolean serving, Engine engine) {
    /** All processors, 32 texts together. */
    public static final PredictorSettings DEFAULT = new PredictorSettings(0, 32);

    public PredictorSettings {
        if (threads < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "threads must be 0 or more and batchSize 1 or more, not " + threads + " and " + batchSize);
        }
    }

    /** Settings of a program that does nothing but predict. */
    public PredictorSettings(int threads, int batchSize) {
        this(threads, batchSize, false);
    }

    /** Settings with {@link Engine#FLOAT32}. */
    public PredictorSettings(int threads, int batchSize, boolean serving) {
        this(threads, batchSize, serving, Engine.FLOAT32);
    }

    /** These settings with another number of threads. */
    public PredictorSettings withThreads(int threads) {
        return new PredictorSettings(threads, batchSize, serving, engine);
    }

    /** These settings with another batch size. */
    public PredictorSettings withBatchSize(int batchSize) {
        return new PredictorSettings(threads, batchSize, serving, engine);
    }

    /** These settings for a service. */
    public PredictorSettings forServing() {
        return new PredictorSettings(threads, batchSize, true, engine);
    }

    /** These settings with another engine. */
    public PredictorSettings withEngine(Engine other) {
        return new PredictorSettings(threads, batchSize, serving, other);
    }
}
