package dev.graft.predict;

import dev.graft.data.Encoding;
import java.util.Collections;

/** Brings a model's memory to its full size: ONNX Runtime keeps what the largest batch so far needed. */
public final class LargestBatch {
    private LargestBatch() {}

    /** Computes the largest batch that a batcher with these settings will ask for. */
    public static void compute(TextModel model, BatcherSettings settings) {
        int length = model.bundle().manifest().encoder().maxLength();
        int rows = Math.max(1, Math.min(settings.maxRows(), settings.maxTokens() / length));
        Encoding sample = model.encode(model.bundle().parity().texts()).get(0);
        model.compute(Collections.nCopies(rows, CostMeasurement.resized(sample, length)));
    }
}
