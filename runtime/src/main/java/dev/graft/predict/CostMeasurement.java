package dev.graft.predict;

import dev.graft.data.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Times a model on a few small batches, which warms it up too. */
final class CostMeasurement {
    private static final int[][] SHAPES = {{1, 8}, {1, 32}, {8, 16}, {16, 8}, {4, 64}, {1, 128}, {16, 24}};
    private static final int ROUNDS = 3;

    private CostMeasurement() {}

    /** Measures with rows of the given text's tokens, repeated or cut to each length. */
    static CostModel of(TextModel model, Encoding sample) {
        int longest = model.bundle().manifest().encoder().maxLength();
        var timings = new ArrayList<CostModel.Timing>();
        for (int[] shape : SHAPES) {
            int length = Math.min(shape[1], longest);
            List<Encoding> batch = Collections.nCopies(shape[0], resized(sample, length));
            double best = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                model.compute(batch);
                best = Math.min(best, System.nanoTime() - start);
            }
            timings.add(new CostModel.Timing(shape[0], length, Math.max(1, best)));
        }
        return CostModel.fitted(timings);
    }

    static Encoding resized(Encoding sample, int length) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> sample.ids()[i % sample.length()]);
        return new Encoding(ids, new int[length]);
    }
}
