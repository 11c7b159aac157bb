package dev.graft.train;

import dev.graft.run.Session;

/** Scores a network on held-out rows. */
final class RowsValidation implements Validation {
    private final TextRows rows;
    private final int batchSize;

    RowsValidation(TextRows rows, int batchSize) {
        this.rows = rows;
        this.batchSize = batchSize;
    }

    @Override
    public Result score(Session session) {
        float[][] probabilities = Logits.probabilities(Logits.of(session, rows, batchSize));
        int right = 0;
        double loss = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int label = rows.labels()[i];
            loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_NORMAL));
            right += highest(probabilities[i]) == label ? 1 : 0;
        }
        return new Result((double) right / rows.size(), loss / rows.size());
    }

    private static int highest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
