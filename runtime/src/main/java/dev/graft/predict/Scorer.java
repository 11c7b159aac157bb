package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.data.Batches;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.LoadedModel;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** Texts to logits: encoded, computed in batches of similar length, put back in order. */
final class Scorer implements AutoCloseable {
    private final LoadedModel model;
    private final TextEncoder encoder;
    private final List<String> inputs;
    private final int batchSize;

    Scorer(LoadedModel model, TextEncoder encoder, int batchSize) {
        this.model = model;
        this.encoder = encoder;
        this.inputs = model.inputs().stream().map(ValueInfo::name).toList();
        this.batchSize = batchSize;
    }

    List<Encoding> encode(List<String> texts) {
        return texts.isEmpty() ? List.of() : encoder.encode(texts);
    }

    /** The logits of any number of texts, in their order. */
    List<float[]> scoreAll(List<Encoding> encodings) {
        int[] lengths = encodings.stream().mapToInt(Encoding::length).toArray();
        float[][] rows = new float[lengths.length][];
        for (int[] batch : Batches.sorted(lengths, batchSize)) {
            score(rows, encodings, batch);
        }
        return Arrays.asList(rows);
    }

    private void score(float[][] rows, List<Encoding> encodings, int[] batch) {
        List<Encoding> chosen = Arrays.stream(batch).mapToObj(encodings::get).toList();
        Array logits = logits(
                model.run(encoder.collate(chosen, inputs)).values().iterator().next(), batch.length);
        FloatBuffer values = logits.bytes().asFloatBuffer();
        for (int row : batch) {
            rows[row] = new float[(int) logits.size(1)];
            values.get(rows[row]);
        }
    }

    private static Array logits(Array output, int rows) {
        if (output.type() != ElementType.FLOAT || output.rank() != 2 || output.size(0) != rows) {
            throw new InputException("The model's first output is " + output + ", expected is float[" + rows
                    + ",labels]; a bundle's model ends in a classifier");
        }
        return output;
    }

    @Override
    public void close() {
        model.close();
        encoder.close();
    }
}
