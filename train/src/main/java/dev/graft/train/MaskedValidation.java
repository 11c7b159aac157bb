package dev.graft.train;

import dev.graft.data.Batches;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;

/** Scores a language model by the hidden tokens of held-out texts, which are the same at every call. */
record MaskedValidation(MaskedRows rows, int batchSize) implements Validation {
    @Override
    public Result score(Session session) {
        long told = 0;
        long right = 0;
        double loss = 0;
        for (int[] batch : Batches.sorted(rows.lengths(), batchSize)) {
            Map<String, Array> outputs = session.run(rows.inputs(batch));
            FloatBuffer logits = Objects.requireNonNull(outputs.get(ClassifierHead.LOGITS))
                    .bytes()
                    .asFloatBuffer();
            long[] tokens = rows.targets(batch).longs();
            int vocabulary = logits.remaining() / tokens.length;
            for (int i = 0; i < tokens.length; i++) {
                int token = Math.toIntExact(tokens[i]);
                right += highest(logits, i * vocabulary, vocabulary) == token ? 1 : 0;
                loss += surprise(logits, i * vocabulary, vocabulary, token);
            }
            told += tokens.length;
        }
        return new Result((double) right / told, loss / told);
    }

    private static int highest(FloatBuffer logits, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = logits.get(from + i) > logits.get(from + best) ? i : best;
        }
        return best;
    }

    /** The negative log probability of a token, in nats. */
    private static double surprise(FloatBuffer logits, int from, int count, int token) {
        double largest = logits.get(from + highest(logits, from, count));
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits.get(from + i) - largest);
        }
        return Math.log(sum) + largest - logits.get(from + token);
    }
}
