package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.graph.Selector;
import java.util.List;

/** A way to fine-tune: it makes a policy of a recipe. */
public enum Strategy {
    /** All weights from the first step on (Devlin et al. 2019). */
    FULL {
        @Override
        public Policy policy(Recipe recipe, long seed) {
            var schedule = new Schedule.Linear(recipe.learningRate(), recipe.warmupRatio());
            return of(recipe, seed, List.of(new Phase("full", recipe.epochs(), Selector.all(), schedule)));
        }
    };

    /** The policy that this strategy follows under a recipe. */
    public abstract Policy policy(Recipe recipe, long seed);

    /** The strategy of full fine-tuning. */
    public static Strategy full() {
        return FULL;
    }

    /** The strategy of a name, as the command line spells it. */
    public static Strategy named(String name) {
        List<String> names =
                java.util.Arrays.stream(values()).map(Strategy::spelled).toList();
        return java.util.Arrays.stream(values())
                .filter(strategy -> strategy.spelled().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no strategy '" + name + "'; known are "
                        + String.join(", ", names) + Suggestion.text(name, names)));
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static Policy of(Recipe recipe, long seed, List<Phase> phases) {
        return new Policy(
                phases,
                recipe.batchSize(),
                recipe.gradientAccumulation(),
                recipe.weightDecay(),
                recipe.labelSmoothing(),
                recipe.dropout(),
                recipe.maxGradNorm(),
                recipe.earlyStoppingPatience(),
                seed);
    }
}
