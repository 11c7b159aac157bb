package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Selector;
import java.nio.file.Path;
import java.util.List;

/**
 * Masked-language modelling on texts of the task's domain, before anything learns from its labels (Gururangan et al. 2020).
 *
 * @param file texts without labels: lines, or a table with a column of texts
 * @param epochs passes over the texts, 1 or more
 * @param learningRate the highest rate
 * @param share of the tokens that are to be told, above 0 and below 1; 0.15 is BERT's (Devlin et al. 2019)
 */
public record Pretraining(Path file, int epochs, double learningRate, double share) {
    private static final double WARMUP = 0.06;

    public Pretraining {
        if (epochs < 1) {
            throw new InputException("--pretrain-epochs must be 1 or more, not " + epochs);
        }
        if (!(share > 0 && share < 1)) {
            throw new InputException("The share of masked tokens must be above 0 and below 1, not " + share);
        }
    }

    /** Pretraining by the usual numbers: a rate of 5e-5, and 15 % of the tokens. */
    public static Pretraining on(Path file, int epochs) {
        return new Pretraining(file, epochs, 5e-5, 0.15);
    }

    /** What the loop is to do. */
    Policy policy(Recipe recipe, long seed) {
        Phase phase = new Phase("masked tokens", epochs, Selector.all(), new Schedule.Linear(learningRate, WARMUP));
        return new Policy(
                        List.of(phase),
                        recipe.batchSize(),
                        recipe.gradientAccumulation(),
                        recipe.weightDecay(),
                        0,
                        recipe.dropout(),
                        recipe.maxGradNorm(),
                        0,
                        seed)
                .withTechniques(
                        Techniques.DEFAULT.withOptimizer(recipe.techniques().optimizer()));
    }
}
