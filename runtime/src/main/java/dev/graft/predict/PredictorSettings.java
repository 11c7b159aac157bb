package dev.graft.predict;

/**
 * How a predictor uses the machine.
 *
 * @param threads processors to use; 0 for all
 * @param batchSize texts that are computed together
 */
public record PredictorSettings(int threads, int batchSize) {
    /** All processors, 32 texts together. */
    public static final PredictorSettings DEFAULT = new PredictorSettings(0, 32);

    public PredictorSettings {
        if (threads < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "threads must be 0 or more and batchSize 1 or more, not " + threads + " and " + batchSize);
        }
    }

    /** These settings with another number of threads. */
    public PredictorSettings withThreads(int threads) {
        return new PredictorSettings(threads, batchSize);
    }

    /** These settings with another batch size. */
    public PredictorSettings withBatchSize(int batchSize) {
        return new PredictorSettings(threads, batchSize);
    }
}
