package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Batches;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.torch.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a phase makes small, and which rows it has to see together for that. */
public sealed interface Objective {
    /** The loss of a batch. */
    Loss loss(double labelSmoothing);

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
        public List<int[]> batches(Rows rows, int batchSize, long seed) {
            return Batches.byLength(rows.lengths(), batchSize, seed);
        }
    }

    /**
     * Supervised contrast of the rows' vectors (Khosla et al. 2020), over batches in which rows of a class stand together.
     *
     * @param temperature by which cosines are divided, more than 0
     * @param together rows of a class that a batch has at least, where the class has so many; 2 or more
     */
    record Contrast(double temperature, int together) implements Objective {
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
            long[] labels =
                    rows.targets(IntStream.range(0, rows.size()).toArray()).longs();
            int[] classes = Arrays.stream(labels).mapToInt(Math::toIntExact).toArray();
            return Batches.byClass(classes, together, batchSize, seed);
        }
    }
}
