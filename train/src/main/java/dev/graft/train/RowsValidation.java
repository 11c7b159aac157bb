package dev.graft.train;

import dev.graft.run.Session;
import java.util.stream.IntStream;

/** Scores a network on held-out rows. */
public final class RowsValidation implements Validation {
    private final Rows rows;
    private final long[] labels;
    private final int batchSize;

    /** @param batchSize rows that pass through the network together */
    public RowsValidation(Rows rows, int batchSize) {
        this.rows = rows;
        this.labels = rows.targets(IntStream.range(0, rows.size()).toArray()).longs();
        this.batchSize = batchSize;
    }

    @Override
    public Result score(Session session) {
        float[][] probabilities = Logits.probabilities(Logits.of(session, rows, batchSize));
        int right = 0;
        double loss = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int label = Math.toIntExact(labels[i]);
            loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_NORMAL));
            right += highest(probabilities[i]) == label ? 1 : 0;
        }
        return new Result((double) right / rows.size(), loss / rows.size());
    }

    static int highest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
