package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Batches;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.torch.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a phase makes small, and which rows it has to see together for that. */
public sealed interface Objective {
    /** The loss of a batch. */
    Loss loss(double labelSmoothing);

    /** The loss of a batch under a policy's techniques, where these concern it. */
    default Loss loss(Policy policy, Rows rows) {
        return loss(policy.labelSmoothing());
    }

    /** The batches of one epoch under a policy's techniques, where these concern them. */
    default List<int[]> batches(Rows rows, Policy policy, long seed) {
        return batches(rows, policy.batchSize(), seed);
    }

    /**
     * The batches of one epoch.
     *
     * @param seed of the epoch
     */
    List<int[]> batches(Rows rows, int batchSize, long seed);

    /** Cross-entropy of the logits, over batches of rows of like length. */
    static Objective classes() {
        return new Classes();
    }

    /** Cross-entropy of the logits, over batches of rows of like length. */
    record Classes() implements Objective {
        @Override
        public Loss loss(double labelSmoothing) {
            return new Loss.CrossEntropy(ClassifierHead.LOGITS, labelSmoothing, List.of());
        }

        @Override
        public Loss loss(Policy policy, Rows rows) {
            Techniques techniques = policy.techniques();
            ClassWeight weight = techniques.classWeight();
            List<Double> factors = weight.equals(ClassWeight.NONE) ? List.of() : weight.factors(Classes.of(rows));
            double alpha = techniques.regularisers().mixup();
            return alpha == 0
                    ? ClassLosses.of(techniques.loss(), policy.labelSmoothing(), factors)
                    : new Loss.Mixup(
                            new Loss.CrossEntropy(ClassifierHead.LOGITS, policy.labelSmoothing(), factors), alpha);
        }

        @Override
        public List<int[]> batches(Rows rows, Policy policy, long seed) {
            if (policy.techniques().sampler() == Sampler.NATURAL) {
                return batches(rows, policy.batchSize(), seed);
            }
            int[] drawn = Sampler.balanced(Classes.of(rows), seed);
            int[] lengths = rows.lengths();
            int[] drawnLengths = Arrays.stream(drawn).map(row -> lengths[row]).toArray();
            return Batches.byLength(drawnLengths, policy.batchSize(), seed).stream()
                    .map(batch -> Arrays.stream(batch).map(i -> drawn[i]).toArray())
                    .toList();
        }

        private static int[] of(Rows rows) {
            long[] labels =
                    rows.targets(IntStream.range(0, rows.size()).toArray()).longs();
            return Arrays.stream(labels).mapToInt(Math::toIntExact).toArray();
        }

        @Override
        public List<int[]> batches(Rows rows, int batchSize, long seed) {
            return Batches.byLength(rows.lengths(), batchSize, seed);
        }
    }

    /** Binary cross-entropy of each label's logit, over batches of rows of like length. */
    record Labels() implements Objective {
        @Override
        public Loss loss(double labelSmoothing) {
            return new Loss.BinaryCrossEntropy(ClassifierHead.LOGITS);
        }

        @Override
        public List<int[]> batches(Rows rows, int batchSize, long seed) {
            return Batches.byLength(rows.lengths(), batchSize, seed);
        }
    }

    /**
     * The squared error of a number in units of its deviation, over batches of rows of like length.
     *
     * @param deviation of the training rows' numbers, more than 0
     */
    record Number(double deviation) implements Objective {
        @Override
        public Loss loss(double labelSmoothing) {
            return new Loss.ScaledSquaredError(ClassifierHead.LOGITS, deviation);
        }

        @Override
        public List<int[]> batches(Rows rows, int batchSize, long seed) {
            return Batches.byLength(rows.lengths(), batchSize, seed);
        }
    }

    /**
     * Supervised contrast of the rows' vectors (Khosla et al. 2020), over batches in which rows of a class stand together.
     * Where an epoch would have fewer than ten batches it goes over the rows again until it has ten: an encoder moves
     * little in a few steps, however few the rows are.
     *
     * @param temperature by which cosines are divided, more than 0
     * @param together rows of a class that a batch has at least, where the class has so many; 2 or more
     */
    record Contrast(double temperature, int together) implements Objective {
        private static final int FEWEST_BATCHES = 10;

        public Contrast {
            if (!(temperature > 0 && Double.isFinite(temperature)) || together < 2) {
                throw new InputException("Contrast needs a temperature above 0 and 2 rows of a class or more, not "
                        + temperature + " and " + together);
            }
        }

        @Override
        public Loss loss(double labelSmoothing) {
            return new Loss.SupervisedContrastive(FeaturesOutput.FEATURES, temperature);
        }

        @Override
        public List<int[]> batches(Rows rows, int batchSize, long seed) {
            int[] classes = Classes.of(rows);
            List<int[]> batches = Batches.byClass(classes, together, batchSize, seed);
            if (batches.size() >= FEWEST_BATCHES) {
                return batches;
            }
            List<int[]> all = new ArrayList<>(batches);
            for (int pass = 1; all.size() < FEWEST_BATCHES; pass++) {
                all.addAll(Batches.byClass(classes, together, batchSize, Seeds.mix(seed, pass)));
            }
            return List.copyOf(all.subList(0, FEWEST_BATCHES));
        }
    }
}
