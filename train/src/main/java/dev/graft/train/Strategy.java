package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.graph.Depths;
import dev.graft.graph.Selector;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.Bottleneck;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Dora;
import dev.graft.rewrite.Ia3;
import dev.graft.rewrite.Lora;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A way to fine-tune: it makes a policy of a recipe. */
public enum Strategy {
    /** The way that wins a {@link Race} on a part of the training rows; it begins as the head does. */
    AUTO(Recipe.DEFAULT) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return HEAD.policy(recipe, blocks, seed);
        }
    },

    /** All weights from the first step on (Devlin et al. 2019). */
    FULL(Recipe.DEFAULT) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return of(recipe, seed, Optional.empty(), all("full", recipe, blocks));
        }
    },

    /** The trunk stays as it is; a linear head on its features is solved for, which takes seconds. */
    HEAD(Recipe.DEFAULT) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return of(recipe, seed, Optional.of(Probe.UNIT));
        }
    },

    /** All weights, at a rate that falls with every layer down (Howard and Ruder 2018, discriminative fine-tuning). */
    LAYERED(Recipe.DEFAULT.withLearningRate(2e-5).withRates(0.95, 1e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            requireBlocks(blocks);
            return of(recipe, seed, Optional.empty(), all("layered", recipe, blocks));
        }
    },

    /** The head is solved for, then the top third of the blocks is trained, then two thirds, then all. */
    GRADUAL(Unfreezing.RECIPE) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            requireBlocks(blocks);
            List<Double> factors = DepthFactors.of(recipe, blocks);
            return of(recipe, seed, Optional.of(Probe.START), Unfreezing.phases(recipe, blocks, factors));
        }
    },

    /** Gradual unfreezing at the factors of ULMFiT: 1 for the head, 0.5, 0.25 and 0.1 for the thirds below it. */
    ULMFIT(Unfreezing.RECIPE) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            requireBlocks(blocks);
            List<Double> factors = DepthFactors.ulmfit(blocks);
            return of(recipe, seed, Optional.of(Probe.START), Unfreezing.phases(recipe, blocks, factors));
        }
    },

    /** The head is solved for, then all weights are trained from there (Kumar et al. 2022). */
    LP_FT(Recipe.DEFAULT) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return of(recipe, seed, Optional.of(Probe.START), all("full", recipe, blocks));
        }
    },

    /** Only biases and the head are trained (Ben Zaken et al. 2022). */
    BITFIT(Recipe.DEFAULT.withLearningRate(1e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            Selector few = Selector.or(Selector.biases(), HEAD_WEIGHTS);
            List<Double> factors = DepthFactors.of(recipe, blocks);
            return of(
                    recipe,
                    seed,
                    Optional.empty(),
                    new Phase("biases", recipe.epochs(), few, recipe.schedule(), factors, 0));
        }
    },

    /** Branches of low rank beside queries and values are trained with the head (Hu et al. 2021). */
    LORA(Recipe.DEFAULT.withLearningRate(1e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return adapted(recipe, blocks, seed, Lora.standard(seed));
        }
    },

    /** LoRA's branches, which turn the weights, and a magnitude for each output, with the head (Liu et al. 2024). */
    DORA(Recipe.DEFAULT.withLearningRate(1e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return adapted(recipe, blocks, seed, Dora.standard(seed));
        }
    },

    /** Factors for keys, values and feed-forward parts, with the head (Liu et al. 2022). */
    IA3(Recipe.DEFAULT.withLearningRate(3e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return adapted(recipe, blocks, seed, Ia3.standard());
        }
    },

    /** Small layers behind attention and feed-forward parts, with the head (Houlsby et al. 2019). */
    BOTTLENECK(Recipe.DEFAULT.withLearningRate(1e-3)) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return adapted(recipe, blocks, seed, Bottleneck.standard(seed));
        }
    },

    /** Nothing is trained: each text gets the label whose words lie nearest to it in the trunk's space. */
    ZERO_SHOT(Recipe.DEFAULT) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return of(recipe, seed, Optional.empty(), Optional.of(LabelMatching.STANDARD), Optional.empty());
        }
    },

    /** The encoder is tuned by contrast between few rows, then the head is solved for (Tunstall et al. 2022). */
    FEW_SHOT(FewShot.RECIPE) {
        @Override
        Policy policy(Recipe recipe, int blocks, long seed) {
            return FewShot.policy(recipe, seed);
        }
    };

    static final Selector HEAD_WEIGHTS =
            Selector.or(Selector.name(ClassifierHead.WEIGHT), Selector.name(ClassifierHead.BIAS));

    /** Rows from which on ten epochs are more than weights that all move need. */
    private static final int MANY_ROWS = 2_000;

    private final Recipe recipe;

    Strategy(Recipe recipe) {
        this.recipe = recipe;
    }

    /**
     * The policy that this strategy follows under a recipe.
     *
     * @param blocks the number of the graph's blocks; 0 where none are recognised
     * @throws InputException if a number is wrong, or the strategy needs blocks and there are none
     */
    abstract Policy policy(Recipe recipe, int blocks, long seed);

    /**
     * The policy that this strategy follows under a recipe.
     *
     * @param depths of the graph that is trained
     * @throws InputException if a number is wrong, or the strategy needs blocks and the graph has none
     */
    public Policy policy(Recipe recipe, Depths depths, long seed) {
        return policy(recipe, depths.blocks(), seed);
    }

    /** The numbers that this strategy takes where no others are asked for. */
    public Recipe recipe() {
        return recipe;
    }

    /**
     * Its usual numbers for so many rows. Those that end with all weights at one rate go over 2,000 rows four times at
     * most, over 5,000 three times; {@link Recipe#forRows} says the rest.
     */
    public Recipe recipe(int rows) {
        Recipe usual = recipe().forRows(rows);
        return rows >= MANY_ROWS && (this == FULL || this == LP_FT || this == GRADUAL)
                ? usual.withEpochs(Math.min(usual.epochs(), Course.epochs(rows)))
                : usual;
    }

    /** The strategy of racing the others. */
    public static Strategy auto() {
        return AUTO;
    }

    /** The strategy of full fine-tuning. */
    public static Strategy full() {
        return FULL;
    }

    /** The strategy of a frozen trunk with a solved head. */
    public static Strategy head() {
        return HEAD;
    }

    /** The strategy of a rate for each layer. */
    public static Strategy layered() {
        return LAYERED;
    }

    /** The strategy of unfreezing from the head down. */
    public static Strategy gradual() {
        return GRADUAL;
    }

    /** The strategy of a solved head and then full fine-tuning. */
    public static Strategy lpFt() {
        return LP_FT;
    }

    /** The strategy of training biases alone. */
    public static Strategy bitfit() {
        return BITFIT;
    }

    /** The strategy of branches of low rank. */
    public static Strategy lora() {
        return LORA;
    }

    /** The strategy of comparing texts with what the labels are called. */
    public static Strategy zeroShot() {
        return ZERO_SHOT;
    }

    /** The strategy of contrast between few rows, then a solved head. */
    public static Strategy fewShot() {
        return FEW_SHOT;
    }

    /** The strategy of a name, as the command line spells it. */
    public static Strategy named(String name) {
        List<String> names = names();
        return Arrays.stream(values())
                .filter(strategy -> strategy.spelled().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no strategy '" + name + "'; known are "
                        + String.join(", ", names) + Suggestion.text(name, names)));
    }

    /** All names as the command line spells them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Strategy::spelled).toList();
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void requireBlocks(int blocks) {
        if (blocks == 0) {
            throw new InputException(
                    "--strategy " + spelled() + " goes by the network's blocks, but none are recognised"
                            + " in the model ('graft inspect' shows what is); take full, head, lp-ft, bitfit or lora");
        }
    }

    private static Policy adapted(Recipe recipe, int blocks, long seed, AdapterMethod method) {
        Selector few = Selector.or(AdapterMethod.WEIGHTS, HEAD_WEIGHTS);
        Phase phase = new Phase("adapter", recipe.epochs(), few, recipe.schedule(), DepthFactors.of(recipe, blocks), 0);
        return of(recipe, seed, Optional.empty(), Optional.empty(), Optional.of(method), phase);
    }

    private static Phase all(String name, Recipe recipe, int blocks) {
        return new Phase(name, recipe.epochs(), Selector.all(), recipe.schedule(), DepthFactors.of(recipe, blocks), 0);
    }

    private static Policy of(Recipe recipe, long seed, Optional<Probe> probe, Phase... phases) {
        return of(recipe, seed, probe, Optional.empty(), Optional.empty(), phases);
    }

    private static Policy of(
            Recipe recipe,
            long seed,
            Optional<Probe> probe,
            Optional<LabelMatching> matching,
            Optional<AdapterMethod> adapter,
            Phase... phases) {
        return Policy.of(recipe, seed, probe, matching, adapter, List.of(), List.of(phases));
    }
}
