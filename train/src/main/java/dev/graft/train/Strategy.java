package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.graph.Selector;
import java.util.List;
import java.util.Optional;

/** A way to fine-tune: it makes a policy of a recipe. */
public enum Strategy {
    /** All weights from the first step on (Devlin et al. 2019). */
    FULL {
        @Override
        public Policy policy(Recipe recipe, long seed) {
            var schedule = new Schedule.Linear(recipe.learningRate(), recipe.warmupRatio());
            return of(
                    recipe,
                    seed,
                    List.of(new Phase("full", recipe.epochs(), Selector.all(), schedule)),
                    Optional.empty());
        }
    },

    /** The trunk stays as it is; a linear head on its features is solved for, which takes seconds. */
    HEAD {
        @Override
        public Policy policy(Recipe recipe, long seed) {
            return of(recipe, seed, List.of(), Optional.of(Probe.STANDARD));
        }
    };

    /** The policy that this strategy follows under a recipe. */
    public abstract Policy policy(Recipe recipe, long seed);

    /** The strategy of full fine-tuning. */
    public static Strategy full() {
        return FULL;
    }

    /** The strategy of a frozen trunk with a solved head. */
    public static Strategy head() {
        return HEAD;
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

    private static Policy of(Recipe recipe, long seed, List<Phase> phases, Optional<Probe> probe) {
        return new Policy(
                probe,
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
