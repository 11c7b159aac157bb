package dev.graft.serve;

import dev.graft.predict.BatcherSettings;
import dev.graft.predict.Engine;
import dev.graft.watch.WatchSettings;
import java.time.Duration;

/**
 * How a server behaves. Names and meanings are those of text-embeddings-inference and Triton where they have one.
 *
 * @param host address to listen on, for example {@code 127.0.0.1} or {@code 0.0.0.0}
 * @param port 0 for any free one
 * @param batching how texts are put together
 * @param maxConcurrentRequests requests that are under way at one time; more are told to come back
 * @param maxClientBatchSize most texts of one request
 * @param payloadLimit most bytes of one request
 * @param cacheBytes memory of the answers that are kept; 0 to keep none
 * @param cacheTime how long an answer is kept
 * @param tokenizationWorkers threads that parse, tokenise and write answers
 * @param threads processors for computing; 0 for all
 * @param drainTime how long a stopping server waits for requests under way
 * @param jobs how batch jobs are kept
 * @param models which models are in memory
 * @param watching what it tells of itself
 * @param security who may ask, and over what kind of connection
 * @param engine what computes, and in which numbers
 */
public record ServeSettings(
        String host,
        int port,
        BatcherSettings batching,
        int maxConcurrentRequests,
        int maxClientBatchSize,
        int payloadLimit,
        long cacheBytes,
        Duration cacheTime,
        int tokenizationWorkers,
        int threads,
        Duration drainTime,
        JobSettings jobs,
        ModelSettings models,
        WatchSettings watching,
        Security security,
        Engine engine) {
    /** Port 8080 of this machine alone; 512 requests, 32 texts each, 2 MB; 16 MB of answers for an hour. */
    public static final ServeSettings DEFAULT = new ServeSettings(
            "127.0.0.1",
            8080,
            BatcherSettings.DEFAULT,
            512,
            32,
            2_000_000,
            16L << 20,
            Duration.ofHours(1),
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            0,
            Duration.ofSeconds(30));

    public ServeSettings {
        if (port < 0
                || port > 65_535
                || maxConcurrentRequests < 1
                || maxClientBatchSize < 1
                || payloadLimit < 1
                || cacheBytes < 0
                || tokenizationWorkers < 1
                || threads < 0) {
            throw new IllegalArgumentException("A number is out of range");
        }
    }

    /** Settings of what has no wither; what has one is as it is by default. */
    public ServeSettings(
            String host,
            int port,
            BatcherSettings batching,
            int maxConcurrentRequests,
            int maxClientBatchSize,
            int payloadLimit,
            long cacheBytes,
            Duration cacheTime,
            int tokenizationWorkers,
            int threads,
            Duration drainTime) {
        this(
                host,
                port,
                batching,
                maxConcurrentRequests,
                maxClientBatchSize,
                payloadLimit,
                cacheBytes,
                cacheTime,
                tokenizationWorkers,
                threads,
                drainTime,
                JobSettings.DEFAULT,
                ModelSettings.DEFAULT,
                WatchSettings.DEFAULT,
                Security.NONE,
                Engine.FLOAT32);
    }

    /** These settings with other models in memory. */
    public ServeSettings withModels(ModelSettings other) {
        return with(jobs, other, watching, security, engine);
    }

    /** These settings with another account of itself. */
    public ServeSettings withWatching(WatchSettings other) {
        return with(jobs, models, other, security, engine);
    }

    /** These settings with another answer to who may ask. */
    public ServeSettings withSecurity(Security other) {
        return with(jobs, models, watching, other, engine);
    }

    /** These settings with batch jobs kept otherwise. */
    public ServeSettings withJobs(JobSettings other) {
        return with(other, models, watching, security, engine);
    }

    /** These settings with another engine. */
    public ServeSettings withEngine(Engine other) {
        return with(jobs, models, watching, security, other);
    }

    private ServeSettings with(
            JobSettings itsJobs,
            ModelSettings itsModels,
            WatchSettings itsWatching,
            Security itsSecurity,
            Engine itsEngine) {
        return new ServeSettings(
                host,
                port,
                batching,
                maxConcurrentRequests,
                maxClientBatchSize,
                payloadLimit,
                cacheBytes,
                cacheTime,
                tokenizationWorkers,
                threads,
                drainTime,
                itsJobs,
                itsModels,
                itsWatching,
                itsSecurity,
                itsEngine);
    }
}
