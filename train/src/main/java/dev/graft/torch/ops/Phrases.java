package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The phrases of whole numbers that a {@code TfIdfVectorizer} counts, each with its place in the result.
 *
 * @param places what each phrase counts as
 * @param columns of the result
 */
record Phrases(Map<List<Long>, Phrase> places, int columns) {
    private record Phrase(int column, float weight) {}

    /** The phrases in a node's attributes. */
    static Phrases of(Call in) {
        long[] pool = in.longs("pool_int64s");
        long[] starts = in.longs("ngram_counts");
        long[] columns = in.longs("ngram_indexes");
        double[] weights = in.reals("weights");
        if (pool.length == 0) {
            throw in.refuse("counts phrases of text, which libtorch does not hold");
        }
        var places = new HashMap<List<Long>, Phrase>();
        int number = 0;
        for (int length = 1; length <= starts.length; length++) {
            long end = length < starts.length ? starts[length] : pool.length;
            for (long at = starts[length - 1]; at + length <= end; at += length) {
                if (at < 0 || at + length > pool.length || number >= columns.length || columns[number] < 0) {
                    throw in.refuse("has counts, indexes and a pool that do not fit each other");
                }
                List<Long> phrase = boxed(pool, (int) at, length, 1);
                float weight = number < weights.length ? (float) weights[number] : 1;
                places.putIfAbsent(phrase, new Phrase(Math.toIntExact(columns[number]), weight));
                number++;
            }
        }
        return new Phrases(places, (int) LongStream.of(columns).max().orElse(-1) + 1);
    }

    private static List<Long> boxed(long[] values, int from, int length, int step) {
        Long[] phrase = new Long[length];
        Arrays.setAll(phrase, i -> values[from + i * step]);
        return List.of(phrase);
    }

    /** Counts, or weights, or weights by count, of each row's phrases. */
    Tensor counted(Call in) {
        Tensor x = in.tensor(0);
        long[] tokens = Tensors.longs(x);
        int rows = x.dim() < 2 ? 1 : (int) x.size(0);
        int length = rows == 0 ? 0 : tokens.length / rows;
        Operands.requireRoom(in, Float.BYTES, rows, columns);
        float[] counts = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            count(in, Arrays.copyOfRange(tokens, row * length, (row + 1) * length), counts, row * columns);
        }
        weigh(in.text("mode", "TF"), counts);
        return Tensors.of(x.dim() < 2 ? Array.of(counts, columns) : Array.of(counts, rows, columns));
    }

    private void count(Call in, long[] tokens, float[] counts, int first) {
        int shortest = Math.toIntExact(in.whole("min_gram_length", 1));
        int longest = Math.toIntExact(in.whole("max_gram_length", 1));
        int skips = Math.toIntExact(in.whole("max_skip_count", 0));
        for (int length = shortest; length <= longest; length++) {
            for (int step = 1; step <= (length == 1 ? 1 : skips + 1); step++) {
                for (int at = 0; at + (length - 1) * step < tokens.length; at++) {
                    Phrase phrase = places.get(boxed(tokens, at, length, step));
                    if (phrase != null) {
                        counts[first + phrase.column()]++;
                    }
                }
            }
        }
    }

    private void weigh(String mode, float[] counts) {
        if (mode.equals("TF") || columns == 0) {
            return;
        }
        float[] weights = new float[columns];
        places.values().forEach(phrase -> weights[phrase.column()] = phrase.weight());
        for (int i = 0; i < counts.length; i++) {
            float weight = weights[i % columns];
            counts[i] = mode.equals("IDF") ? (counts[i] > 0 ? weight : 0) : counts[i] * weight;
        }
    }
}
