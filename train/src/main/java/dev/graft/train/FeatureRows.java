package dev.graft.train;

import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows as the rest of a split graph reads them: their own inputs beside what the frozen prefix made of them.
 *
 * @param plain names of the inputs that are read beside the features
 * @param places the number of each row among the features
 */
record FeatureRows(Rows rows, List<String> plain, Features features, int[] places) implements Rows {
    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public int[] lengths() {
        return rows.lengths();
    }

    @Override
    public Map<String, Array> inputs(int[] batch) {
        int[] found = new int[batch.length];
        for (int i = 0; i < batch.length; i++) {
            found[i] = places[batch[i]];
        }
        Map<String, Array> inputs = new LinkedHashMap<>();
        if (!plain.isEmpty()) {
            Map<String, Array> own = rows.inputs(batch);
            plain.forEach(name -> inputs.put(name, Objects.requireNonNull(own.get(name), name)));
        }
        inputs.putAll(features.batch(found));
        return inputs;
    }

    @Override
    public Array targets(int[] batch) {
        return rows.targets(batch);
    }

    @Override
    public String name(int row) {
        return rows.name(row);
    }
}
