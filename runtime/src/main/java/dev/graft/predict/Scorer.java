package dev.graft.predict;

import dev.graft.data.Batches;
import dev.graft.data.Encoding;
import java.util.Arrays;
import java.util.List;

/** Texts to logits: encoded, computed in batches of similar length, put back in order. */
record Scorer(TextModel model, int batchSize) implements AutoCloseable {
    List<Encoding> encode(List<String> texts) {
        return model.encode(texts);
    }

    /** The logits of any number of texts, in their order. */
    List<float[]> scoreAll(List<Encoding> encodings) {
        int[] lengths = encodings.stream().mapToInt(Encoding::length).toArray();
        float[][] rows = new float[lengths.length][];
        for (int[] batch : Batches.sorted(lengths, batchSize)) {
            List<Encoding> chosen =
                    Arrays.stream(batch).mapToObj(encodings::get).toList();
            List<Outputs> outputs = model.compute(chosen);
            for (int i = 0; i < batch.length; i++) {
                rows[batch[i]] = outputs.get(i).logits();
            }
        }
        return Arrays.asList(rows);
    }

    @Override
    public void close() {
        model.close();
    }
}
