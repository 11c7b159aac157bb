package dev.graft.predict;

import java.time.Duration;

/**
 * How texts of many callers are put together.
 *
 * @param maxRows most texts of a batch, 1 or more
 * @param maxTokens most tokens of a batch, padding included; a single text may have more
 * @param maxDelay how long a text may wait for company while the model is idle; zero to never wait
 * @param maxQueued most texts that wait; more are refused
 */
public record BatcherSettings(int maxRows, int maxTokens, Duration maxDelay, int maxQueued) {
    /** 32 texts, 16,384 tokens, 2 ms, 1,024 waiting. */
    public static final BatcherSettings DEFAULT = new BatcherSettings(32, 16_384, Duration.ofMillis(2), 1_024);

    public BatcherSettings {
        if (maxRows < 1 || maxTokens < 1 || maxQueued < 1 || maxDelay.isNegative()) {
            throw new IllegalArgumentException("maxRows, maxTokens and maxQueued must be 1 or more and maxDelay 0 or"
                    + " more, not " + maxRows + ", " + maxTokens + ", " + maxQueued + " and " + maxDelay);
        }
    }
}
