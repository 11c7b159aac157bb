package dev.graft.train;

import dev.graft.data.Batches;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.Arrays;

/** What a network makes of rows. */
final class Outputs {
    private Outputs() {}

    /** One output, float [batch, width], for all rows, in their order: [rows, width]. */
    static float[][] of(Session session, Rows rows, int batchSize, String output) {
        float[][] all = new float[rows.size()][];
        for (int[] batch : Batches.sorted(rows.lengths(), batchSize)) {
            Array array = session.run(rows.inputs(batch)).get(output);
            if (array == null) {
                throw new IllegalStateException("The graph has no output " + output);
            }
            float[] values = array.floats();
            int width = values.length / batch.length;
            for (int i = 0; i < batch.length; i++) {
                all[batch[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
            }
        }
        return all;
    }
}
