package dev.graft.train;

import dev.graft.rewrite.ClassifierHead;
import dev.graft.run.Session;
import dev.graft.task.Softmax;

/** What a network says of rows. */
final class Logits {
    private Logits() {}

    /** The logits of all rows, in their order: [rows, classes]. */
    static float[][] of(Session session, Rows rows, int batchSize) {
        return Outputs.of(session, rows, batchSize, ClassifierHead.LOGITS);
    }

    /** The softmax of each row. */
    static float[][] probabilities(float[][] logits) {
        float[][] probabilities = new float[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Softmax.of(logits[i]);
        }
        return probabilities;
    }
}
