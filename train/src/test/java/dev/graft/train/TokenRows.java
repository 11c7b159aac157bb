package dev.graft.train;

import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random token ids for the tiny encoders; a row's label is the number of its marker token, which stands at a random
 * place.
 */
record TokenRows(List<int[]> tokens, int[] labels) implements Rows {
    static final int CLASSES = 3;

    private static final int FIRST_MARKER = 10;
    private static final int FIRST_OTHER = 20;
    private static final int VOCABULARY = 120;
    private static final int SHORTEST = 4;
    private static final int LENGTHS = 6;

    static TokenRows random(int count, long seed) {
        Random random = new Random(seed);
        List<int[]> tokens = new ArrayList<>();
        int[] labels = new int[count];
        for (int row = 0; row < count; row++) {
            labels[row] = random.nextInt(CLASSES);
            int[] ids = new int[SHORTEST + random.nextInt(LENGTHS)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = FIRST_OTHER + random.nextInt(VOCABULARY - FIRST_OTHER);
            }
            ids[random.nextInt(ids.length)] = FIRST_MARKER + labels[row];
            tokens.add(ids);
        }
        return new TokenRows(tokens, labels);
    }

    /** Rows that all have one length, so that batches of any size hold no padding. */
    static TokenRows even(int count, int length, long seed) {
        TokenRows rows = random(count, seed);
        List<int[]> same = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int[] ids = java.util.Arrays.copyOf(rows.tokens.get(row), length);
            for (int i = 0; i < length; i++) {
                ids[i] = ids[i] == 0 ? FIRST_OTHER : ids[i];
            }
            same.add(ids);
        }
        return new TokenRows(same, rows.labels);
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public int[] lengths() {
        return tokens.stream().mapToInt(ids -> ids.length).toArray();
    }

    @Override
    public Map<String, Array> inputs(int[] rows) {
        int longest = 0;
        for (int row : rows) {
            longest = Math.max(longest, tokens.get(row).length);
        }
        long[] ids = new long[rows.length * longest];
        long[] mask = new long[ids.length];
        for (int i = 0; i < rows.length; i++) {
            int[] row = tokens.get(rows[i]);
            for (int j = 0; j < row.length; j++) {
                ids[i * longest + j] = row[j];
                mask[i * longest + j] = 1;
            }
        }
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", Array.of(ids, rows.length, longest));
        inputs.put("attention_mask", Array.of(mask, rows.length, longest));
        inputs.put("token_type_ids", Array.of(new long[ids.length], rows.length, longest));
        return inputs;
    }

    @Override
    public Array targets(int[] rows) {
        long[] targets = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            targets[i] = labels[rows[i]];
        }
        return Array.of(targets, rows.length);
    }

    @Override
    public String name(int row) {
        return "rows.csv, line " + (row + 2) + ": row " + row;
    }

    /** Accuracy and log loss of a network on these rows. */
    Validation.Result score(Session session) {
        float[][] probabilities = Logits.probabilities(Logits.of(session, this, 16));
        double loss = 0;
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            float own = probabilities[row][labels[row]];
            loss -= Math.log(own) / labels.length;
            boolean best = true;
            for (float other : probabilities[row]) {
                best &= other <= own;
            }
            right += best ? 1 : 0;
        }
        return new Validation.Result((double) right / labels.length, loss);
    }
}
