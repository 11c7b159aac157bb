package dev.graft.train;

import dev.graft.data.Batches;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.run.Session;
import dev.graft.task.Softmax;
import dev.graft.tensor.Array;
import java.util.Map;

/** What a network says of rows. */
final class Logits {
    private Logits() {}

    /** The logits of all rows, in their order: [rows, classes]. */
    static float[][] of(Session session, Rows rows, int batchSize) {
        float[][] all = new float[rows.size()][];
        for (int[] batch : Batches.sorted(rows.lengths(), batchSize)) {
            Map<String, Array> outputs = session.run(rows.inputs(batch));
            Array logits = outputs.get(ClassifierHead.LOGITS);
            if (logits == null) {
                throw new IllegalStateException("The graph has no output " + ClassifierHead.LOGITS);
            }
            float[] values = logits.floats();
            int classes = values.length / batch.length;
            for (int i = 0; i < batch.length; i++) {
                all[batch[i]] = java.util.Arrays.copyOfRange(values, i * classes, (i + 1) * classes);
            }
        }
        return all;
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
