package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How much of its lower layers' vectors a head reads beside the last layer's.
 *
 * <p>Fine intents with few rows each are told apart best by the last layer alone, kinds of question by all layers alike,
 * so cross-validation decides.
 *
 * @param layers the number of vectors that stand one behind the other in the features, the last layer's first
 * @param share by which the lower layers' vectors are multiplied, 0 to 1
 */
record LayerMix(int layers, double share) {
    private static final List<Double> SHARES = List.of(0.0, 0.3, 1.0);
    /** One strength suffices to tell shares apart. */
    private static final Probe PROBE = new Probe(List.of(0.02), 3, 1);
    /** Rows that tell shares apart. */
    private static final int ENOUGH_ROWS = 2_000;
    /** Products of one pass over all rows beyond which a head on several layers takes longer than it gains. */
    private static final double MOST_PRODUCTS = 1e9;

    /**
     * The share under which most rows are put in their class.
     *
     * @param features float [all rows, layers · width]
     * @param rows how many of them count; those behind stand in for rows
     */
    static LayerMix chosen(
            TorchSettings settings, Array features, int[] labels, int rows, int layers, int classes, long seed) {
        if (layers == 1 || (double) features.elements() * classes > MOST_PRODUCTS) {
            return new LayerMix(layers, 0);
        }
        List<Integer> order = IntStream.range(0, rows).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(seed));
        int[] some = order.stream().limit(ENOUGH_ROWS).mapToInt(row -> row).toArray();
        int[] known = Arrays.stream(some).map(row -> labels[row]).toArray();
        return SHARES.stream()
                .map(share -> new LayerMix(layers, share).tried(settings, features, some, known, classes, seed))
                .reduce((one, other) -> LinearProbe.better(other.result(), one.result()) ? other : one)
                .orElseThrow()
                .mix();
    }

    /** A mix and what cross-validation says of it. */
    private record Tried(LayerMix mix, Validation.Result result) {}

    private Tried tried(TorchSettings settings, Array features, int[] rows, int[] labels, int classes, long seed) {
        return new Tried(this, new LinearProbe(PROBE, settings, of(features, rows), labels, classes).validated(seed));
    }

    /** The features as the head reads them, [all rows, width] where that is the last layer alone. */
    Array of(Array features) {
        int rows = Math.toIntExact(features.size(0));
        return share == 1 || layers == 1
                ? features
                : of(features, IntStream.range(0, rows).toArray());
    }

    private Array of(Array features, int[] wanted) {
        int all = Math.toIntExact(features.size(1));
        int width = all / layers;
        int read = share == 0 ? width : all;
        FloatBuffer from = features.bytes().asFloatBuffer();
        ByteBuffer bytes = Array.allocate(4L * wanted.length * read);
        FloatBuffer to = bytes.asFloatBuffer();
        float[] line = new float[read];
        for (int row : wanted) {
            from.get(row * all, line);
            for (int column = width; column < read; column++) {
                line[column] = (float) (line[column] * share);
            }
            to.put(line);
        }
        return Array.of(features.type(), new long[] {wanted.length, read}, bytes);
    }

    /** A head on these features as a head on the features as they came. */
    LinearProbe.Solution undone(LinearProbe.Solution solution) {
        int classes = Math.toIntExact(solution.weight().size(0));
        int read = Math.toIntExact(solution.weight().size(1));
        int width = share == 0 ? read : read / layers;
        int all = width * layers;
        float[] from = solution.weight().floats();
        float[] to = new float[classes * all];
        for (int label = 0; label < classes; label++) {
            for (int column = 0; column < read; column++) {
                to[label * all + column] = (float) (from[label * read + column] * (column < width ? 1 : share));
            }
        }
        return solution.withWeight(Array.of(to, classes, all));
    }
}
