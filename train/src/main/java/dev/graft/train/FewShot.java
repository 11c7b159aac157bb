package dev.graft.train;

import dev.graft.graph.Selector;
import java.util.List;
import java.util.Optional;

/** The policy for few rows: an encoder tuned by contrast, no farther than other rows follow, and a solved head. */
final class FewShot {
    /**
     * The head of an encoder that has learned these rows; cross-validation over them would find every strength right, and
     * take the greatest.
     */
    static final Probe PROBE = new Probe(List.of(0.03), 3, 1);

    private static final double TEMPERATURE = 0.1;
    private static final int TOGETHER = 2;

    /** The numbers of the strategy: contrast wants large batches, and a few passes at a low rate. */
    static final Recipe RECIPE = Recipe.DEFAULT
            .withLearningRate(1e-4)
            .withEpochs(3)
            .withBatchSize(64)
            .withWeightAveraging(WeightAveraging.named("wise-ft"));

    private FewShot() {}

    static Policy policy(Recipe recipe, long seed) {
        Phase contrast = new Phase(
                "contrast",
                recipe.epochs(),
                Selector.all(),
                recipe.schedule(),
                List.of(),
                0,
                new Objective.Contrast(TEMPERATURE, TOGETHER));
        return Policy.of(
                recipe, seed, Optional.of(PROBE), Optional.empty(), Optional.empty(), List.of(contrast), List.of());
    }
}
