package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The phrases of whole numbers that a {@code TfIdfVectorizer} counts, each with its place in the result.
 *
 * @param places what each phrase counts as
 * @param columns of the result
 */
record Phrases(Map<List<Long>, Phrase> places, long columns) {
    private record Phrase(long column, float weight) {}

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
                places.putIfAbsent(phrase, new Phrase(columns[number], weight));
                number++;
            }
        }
        return new Phrases(places, Math.addExact(LongStream.of(columns).max().orElse(-1), 1));
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
        Operands.requireRoom(in, Long.BYTES, rows, columns);
        var found = LongStream.builder();
        for (int row = 0; row < rows; row++) {
            find(in, Arrays.copyOfRange(tokens, row * length, (row + 1) * length), row * columns, found);
        }
        long[] places = found.build().toArray();
        float[] ones = new float[places.length];
        Arrays.fill(ones, 1);
        Tensor counts = weighed(
                in.text("mode", "TF"), scattered(rows * columns, places, ones).reshape(rows, columns));
        return x.dim() < 2 ? counts.reshape(columns) : counts;
    }

    private void find(Call in, long[] tokens, long first, LongStream.Builder found) {
        int shortest = Math.toIntExact(in.whole("min_gram_length", 1));
        int longest = Math.toIntExact(in.whole("max_gram_length", 1));
        int skips = Math.toIntExact(in.whole("max_skip_count", 0));
        if (shortest < 1 || skips < 0) {
            throw in.refuse("counts phrases of " + shortest + " numbers with " + skips
                    + " left out between; at least 1 and 0 are expected");
        }
        for (int length = shortest; length <= longest && length <= tokens.length; length++) {
            int steps = length == 1 ? 1 : Math.min(skips, tokens.length) + 1;
            for (int step = 1; step <= steps; step++) {
                for (int at = 0; at + (length - 1) * step < tokens.length; at++) {
                    Phrase phrase = places.get(boxed(tokens, at, length, step));
                    if (phrase != null) {
                        found.add(first + phrase.column());
                    }
                }
            }
        }
    }

    private static Tensor scattered(long size, long[] places, float... values) {
        Tensor zeros = Tensors.empty(ScalarType.Float, size).zero_();
        Tensor added = Tensors.of(Array.of(values, values.length));
        return torch.scatter_add(zeros, 0, Operands.vector(places), added);
    }

    private Tensor weighed(String mode, Tensor counts) {
        if (mode.equals("TF")) {
            return counts;
        }
        long[] columnOf = new long[places.size()];
        float[] weightOf = new float[places.size()];
        int i = 0;
        for (Phrase phrase : places.values()) {
            columnOf[i] = phrase.column();
            weightOf[i++] = phrase.weight();
        }
        Tensor weights = scattered(columns, columnOf, weightOf);
        return torch.mul(mode.equals("IDF") ? torch.gt(counts, new Scalar(0)) : counts, weights);
    }
}
