package dev.graft.torch;

import java.util.List;
import java.util.SplittableRandom;

/** What learning makes small; a mean over the examples of a batch. */
public sealed interface Loss {
    /** The output of the graph that the loss reads. */
    String output();

    /** The outputs of the graph that the loss reads, the first of which is {@link #output}. */
    default List<String> outputs() {
        return List.of(output());
    }

    /** This loss with what it draws at random for one batch. */
    default Loss drawn(long seed) {
        return this;
    }

    /** How often a batch holds each of its rows: all rows, then all again; 1 is usual. */
    default int passes() {
        return 1;
    }

    /**
     * Cross-entropy of logits [batch, classes] against class numbers, int64 [batch].
     *
     * @param labelSmoothing the share of each target that is spread over all classes, 0 to 1
     * @param classWeights a factor for each class, or empty for all the same; the mean is then a weighted one;
     *     classes behind the last factor have 1
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
     * Focal loss of logits [batch, classes] against class numbers, int64 [batch]: the cross-entropy of a row counts by
     * (1 - p)^gamma, p being the probability of its class (Lin et al. 2017).
     *
     * @param gamma 0 or more; 0 is cross-entropy
     * @param classWeights a factor for each class, or empty for all the same; the mean is then a weighted one
     */
    record Focal(String output, double gamma, List<Double> classWeights) implements Loss {
        public Focal {
            classWeights = List.copyOf(classWeights);
            if (!(gamma >= 0 && Double.isFinite(gamma))) {
                throw new IllegalArgumentException("gamma must be 0 or more, not " + gamma);
            }
        }
    }

    /**
     * Cross-entropy of two passes of the same rows under dropout, and how far their answers are apart: the mean of both
     * Kullback-Leibler divergences, summed over classes (R-Drop; Liang et al. 2021).
     *
     * @param each of both passes
     * @param alpha the factor of the divergence, 0 or more
     */
    record RDrop(CrossEntropy each, double alpha) implements Loss {
        public RDrop {
            if (!(alpha >= 0 && Double.isFinite(alpha))) {
                throw new IllegalArgumentException("alpha must be 0 or more, not " + alpha);
            }
        }

        @Override
        public String output() {
            return each.output();
        }

        @Override
        public int passes() {
            return 2;
        }
    }

    /**
     * Cross-entropy beside the supervised contrast of what the classifier reads: (1 - lambda) · cross-entropy + lambda ·
     * contrast (Gunel et al. 2021).
     *
     * @param lambda the share of the contrast, 0 to 1
     */
    record Contrasted(CrossEntropy each, SupervisedContrastive contrast, double lambda) implements Loss {
        public Contrasted {
            if (!(lambda >= 0 && lambda <= 1)) {
                throw new IllegalArgumentException("lambda must be from 0 to 1, not " + lambda);
            }
        }

        @Override
        public String output() {
            return each.output();
        }

        @Override
        public List<String> outputs() {
            return List.of(each.output(), contrast.output());
        }
    }

    /**
     * Cross-entropy of mixtures of two rows of a batch, and of their classes (mixup; Zhang et al. 2018). Logits are
     * mixed, which under a linear head is the same as mixing the vectors that it reads (Guo et al. 2019).
     *
     * @param each of both classes
     * @param alpha of Beta(alpha, alpha), from which a batch's share is drawn; above 0, at most 1
     */
    record Mixup(CrossEntropy each, double alpha) implements Loss {
        public Mixup {
            if (!(alpha > 0 && alpha <= 1)) {
                throw new IllegalArgumentException("alpha must be above 0 and at most 1, not " + alpha);
            }
        }

        @Override
        public String output() {
            return each.output();
        }

        @Override
        public Loss drawn(long seed) {
            return new Mixed(each, share(new SplittableRandom(seed)));
        }

        /** Of a beta distribution (Jöhnk 1964). */
        private double share(SplittableRandom random) {
            while (true) {
                double one = Math.pow(random.nextDouble(), 1 / alpha);
                double other = Math.pow(random.nextDouble(), 1 / alpha);
                if (one + other > 0 && one + other <= 1) {
                    return one / (one + other);
                }
            }
        }
    }

    /**
     * Cross-entropy of each row's logits mixed with those of the row before it, the first's with those of the last.
     *
     * @param share of the row itself, 0 to 1
     */
    record Mixed(CrossEntropy each, double share) implements Loss {
        @Override
        public String output() {
            return each.output();
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

    /**
     * Binary cross-entropy of the sigmoid of logits [batch, labels] against 0 and 1, float [batch, labels]; the mean is over
     * labels too.
     */
    record BinaryCrossEntropy(String output) implements Loss {}

    /**
     * The mean of the squared differences between an output and targets of its shape, in units of a deviation.
     *
     * @param deviation more than 0
     */
    record ScaledSquaredError(String output, double deviation) implements Loss {
        public ScaledSquaredError {
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("deviation must be more than 0, not " + deviation);
            }
        }
    }

    /** The mean of the squared differences between an output and targets of its shape. */
    record MeanSquaredError(String output) implements Loss {}
}
