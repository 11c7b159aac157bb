package dev.graft.train;

import dev.graft.tensor.Array;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Features of which each column has mean 0 and all together the mean variance 1, with what undoes that.
 *
 * <p>One scale for all columns: a large weight on a column that hardly varies would throw the answers off once the trunk is
 * trained on.
 *
 * @param values float [rows, width]
 * @param mean of each column as it came
 * @param deviation the root of the columns' mean variance; 1 where all rows are one but for rounding, so that nothing is
 *     learned from what rounding leaves
 */
record Standardised(Array values, List<Double> mean, double deviation) {
    /** Of the features' root mean square; float32 rounds at 6e-8 of it, and sums over a layer at some times that. */
    private static final double SMALLEST = 1e-5;

    static Standardised of(Array features) {
        int rows = Math.toIntExact(features.size(0));
        int width = Math.toIntExact(features.size(1));
        FloatBuffer from = features.bytes().asFloatBuffer();
        float[] line = new float[width];
        double[] mean = new double[width];
        double[] square = new double[width];
        double magnitude = 0;
        for (int row = 0; row < rows; row++) {
            from.get(row * width, line);
            for (int j = 0; j < width; j++) {
                mean[j] += line[j] / rows;
                magnitude += (double) line[j] * line[j] / rows / width;
            }
        }
        for (int row = 0; row < rows; row++) {
            from.get(row * width, line);
            for (int j = 0; j < width; j++) {
                double off = line[j] - mean[j];
                square[j] += off * off / rows;
            }
        }
        double variance = Arrays.stream(square).average().orElse(0);
        double deviation = variance > SMALLEST * SMALLEST * magnitude ? Math.sqrt(variance) : 1;
        ByteBuffer bytes = Array.allocate(4L * rows * width);
        FloatBuffer to = bytes.asFloatBuffer();
        for (int row = 0; row < rows; row++) {
            from.get(row * width, line);
            for (int j = 0; j < width; j++) {
                line[j] = (float) ((line[j] - mean[j]) / deviation);
            }
            to.put(line);
        }
        return new Standardised(Array.of(features.type(), features.shape(), bytes), list(mean), deviation);
    }

    /** The same about some of the rows, scaled as all are. */
    Standardised of(int[] wanted) {
        return new Standardised(rows(wanted), mean, deviation);
    }

    /** Some of the rows. */
    Array rows(int[] wanted) {
        int width = mean.size();
        ByteBuffer bytes = Array.allocate(4L * wanted.length * width);
        FloatBuffer to = bytes.asFloatBuffer();
        FloatBuffer from = values.bytes().asFloatBuffer();
        for (int i = 0; i < wanted.length; i++) {
            to.put(i * width, from, wanted[i] * width, width);
        }
        return Array.of(values.type(), new long[] {wanted.length, width}, bytes);
    }

    /**
     * Weights for these values as weights for the features as they came: the standardisation is folded in.
     *
     * @param weights [classes, width + 1], the bias last
     */
    LinearProbe.Solution solution(
            float[] weights, int classes, double strength, double trainLoss, Validation.Result validation) {
        int width = mean.size();
        float[] weight = new float[classes * width];
        float[] bias = new float[classes];
        for (int k = 0; k < classes; k++) {
            double shift = weights[k * (width + 1) + width];
            for (int j = 0; j < width; j++) {
                double scaled = weights[k * (width + 1) + j] / deviation;
                weight[k * width + j] = (float) scaled;
                shift -= scaled * mean.get(j);
            }
            bias[k] = (float) shift;
        }
        return new LinearProbe.Solution(
                Array.of(weight, classes, width), Array.of(bias, classes), strength, trainLoss, validation);
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
