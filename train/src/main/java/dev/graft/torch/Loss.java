package dev.graft.torch;

import java.util.List;

/** What learning makes small; a mean over the examples of a batch. */
public sealed interface Loss {
    /** The output of the graph that the loss reads. */
    String output();

    /**
     * Cross-entropy of logits [batch, classes] against class numbers, int64 [batch].
     *
     * @param labelSmoothing the share of each target that is spread over all classes, 0 to 1
     * @param classWeights a factor for each class, or empty for all the same; the mean is then a weighted one
     */
    record CrossEntropy(String output, double labelSmoothing, List<Double> classWeights) implements Loss {
        public CrossEntropy {
            classWeights = List.copyOf(classWeights);
            if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
                throw new IllegalArgumentException("labelSmoothing must be from 0 to 1, not " + labelSmoothing);
            }
        }

        /** Plain cross-entropy of the output {@code logits}. */
        public static CrossEntropy plain() {
            return new CrossEntropy("logits", 0, List.of());
        }
    }

    /** The mean of the squared differences between an output and targets of its shape. */
    record MeanSquaredError(String output) implements Loss {}
}
