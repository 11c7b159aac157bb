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

    /**
     * Supervised contrastive loss of vectors [batch, width] against class numbers, int64 [batch]: each row's cosines with
     * the rows of its class are made large beside those with all others (Khosla et al. 2020, L_out). The mean is over rows
     * whose class has another row in the batch; 0 where there is none.
     *
     * @param temperature by which cosines are divided, more than 0
     */
    record SupervisedContrastive(String output, double temperature) implements Loss {
        public SupervisedContrastive {
            if (!(temperature > 0)) {
                throw new IllegalArgumentException("temperature must be more than 0, not " + temperature);
            }
        }
    }

    /**
     * The mean, over all pairs of rows of vectors [batch, width], of the squared difference between their cosine and 1
     * where they have one class, 0 where not; classes are int64 [batch] (sentence-transformers' CosineSimilarityLoss,
     * with which SetFit tunes: Tunstall et al. 2022).
     */
    record CosineSimilarity(String output) implements Loss {}

    /** The mean of the squared differences between an output and targets of its shape. */
    record MeanSquaredError(String output) implements Loss {}
}
