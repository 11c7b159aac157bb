package dev.graft.train;

import dev.graft.tensor.Array;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * What a network says of texts when it has learned nothing: each token has a random vector, a text the mean of those of
 * its tokens, brought to length 1.
 *
 * @param width of the vectors
 * @param seed of the vectors' numbers
 */
record RandomFeatures(int width, long seed) {
    /** The features of all rows: float [rows, width]. */
    Array of(TextRows rows) {
        Map<Integer, float[]> vectors = new HashMap<>();
        float[] features = new float[Math.multiplyExact(rows.size(), width)];
        for (int row = 0; row < rows.size(); row++) {
            float[] sum = new float[width];
            for (int token : rows.tokens(row)) {
                float[] vector = vectors.computeIfAbsent(token, this::vector);
                for (int j = 0; j < width; j++) {
                    sum[j] += vector[j];
                }
            }
            double square = 0;
            for (float value : sum) {
                square += (double) value * value;
            }
            for (int j = 0; j < width; j++) {
                features[row * width + j] = (float) (sum[j] / Math.sqrt(square));
            }
        }
        return Array.of(features, rows.size(), width);
    }

    private float[] vector(int token) {
        Random random = new Random(Seeds.mix(seed, token));
        float[] vector = new float[width];
        for (int j = 0; j < width; j++) {
            vector[j] = (float) random.nextGaussian();
        }
        return vector;
    }
}
