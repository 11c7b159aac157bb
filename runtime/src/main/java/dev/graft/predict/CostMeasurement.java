package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Times a model on a few small batches, which warms it up too. */
final class CostMeasurement {
    private static final int[][] SHAPES = {{1, 8}, {1, 32}, {8, 16}, {16, 8}, {4, 64}, {1, 128}, {16, 24}};
    private static final int ROUNDS = 3;
    private static final int USUAL_RANK = 8;

    private CostMeasurement() {}

    /** Measures with rows of the given text's tokens, repeated or cut to each length. */
    static CostModel of(TextModel model, Encoding sample) {
        return of(model::compute, model.bundle(), sample);
    }

    private static CostModel of(Consumer<List<Encoding>> model, Bundle bundle, Encoding sample) {
        int longest = bundle.manifest().encoder().maxLength();
        var timings = new ArrayList<CostModel.Timing>();
        for (int[] shape : SHAPES) {
            int length = Math.min(shape[1], longest);
            List<Encoding> batch = Collections.nCopies(shape[0], resized(sample, length));
            double best = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                model.accept(batch);
                best = Math.min(best, System.nanoTime() - start);
            }
            timings.add(new CostModel.Timing(shape[0], length, Math.max(1, best)));
        }
        return CostModel.fitted(timings);
    }

    /** Measures batches that mix tenants. */
    static CostModel of(Trunk trunk) {
        List<Tenant> tenants = trunk.blank(USUAL_RANK);
        Consumer<List<Encoding>> mixed = batch -> trunk.compute(IntStream.range(0, batch.size())
                .mapToObj(i -> new Row(batch.get(i), tenants.get(i % 2)))
                .toList());
        return of(
                mixed,
                trunk.bundle(),
                trunk.encoder().encode(trunk.bundle().parity().texts().get(0)));
    }

    static Encoding resized(Encoding sample, int length) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> sample.ids()[i % sample.length()]);
        return new Encoding(ids, new int[length]);
    }
}
