package dev.graft.train;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One number of a {@link Recipe}, or several that mean something together only, under the names of their options. */
enum Setting {
    LEARNING_RATE(Recipe::learningRate, (recipe, from) -> recipe.withLearningRate(from.learningRate())),
    EPOCHS(Recipe::epochs, (recipe, from) -> recipe.withEpochs(from.epochs())),
    BATCH_SIZE(Recipe::batchSize, (recipe, from) -> recipe.withBatchSize(from.batchSize())),
    WARMUP_RATIO(
            recipe -> recipe.warmup().ratio(),
            (recipe, from) -> recipe.withSchedule(
                    new Warmup(from.warmup().ratio(), recipe.warmup().steps()), recipe.scheduler())),
    WARMUP_STEPS(
            recipe -> recipe.warmup().steps(),
            (recipe, from) -> recipe.withSchedule(
                    new Warmup(recipe.warmup().ratio(), from.warmup().steps()), recipe.scheduler())),
    LR_SCHEDULER_TYPE(
            Recipe::scheduler,
            "lr-scheduler-kwargs",
            (recipe, from) -> recipe.withSchedule(recipe.warmup(), from.scheduler())),
    OPTIM(
            recipe -> recipe.techniques().optimizer(),
            "optim-args",
            techniques(from -> own -> own.withOptimizer(from.optimizer()))),
    LOSS(
            recipe -> recipe.techniques().loss(),
            "loss-args",
            techniques(from -> own -> own.withLoss(from.loss(), own.classWeight(), own.sampler()))),
    CLASS_WEIGHT(
            recipe -> recipe.techniques().classWeight().spelled(),
            techniques(from -> own -> own.withLoss(own.loss(), from.classWeight(), own.sampler()))),
    SAMPLER(
            recipe -> recipe.techniques().sampler().spelled(),
            techniques(from -> own -> own.withLoss(own.loss(), own.classWeight(), from.sampler()))),
    WEIGHT_DECAY(Recipe::weightDecay, (recipe, from) -> recipe.withWeightDecay(from.weightDecay())),
    CLASSIFIER_DROPOUT(
            recipe -> recipe.techniques().regularisers().headDropout(),
            regularisers(from -> own -> own.withHeadDropout(from.headDropout()))),
    L2_SP(recipe -> recipe.techniques().regularisers().l2Sp(), regularisers(from -> own -> own.withL2Sp(from.l2Sp()))),
    MIXUP(
            recipe -> recipe.techniques().regularisers().mixup(),
            regularisers(from -> own -> own.withMixup(from.mixup()))),
    LAYERDROP(
            recipe -> recipe.techniques().regularisers().layerDrop(),
            regularisers(from -> own -> own.withLayerDrop(from.layerDrop()))),
    MIXOUT(
            recipe -> recipe.techniques().regularisers().mixout(),
            regularisers(from -> own -> own.withMixout(from.mixout()))),
    NEFTUNE_NOISE_ALPHA(
            recipe -> recipe.techniques().regularisers().noise(),
            regularisers(from -> own -> own.withNoise(from.noise()))),
    LABEL_SMOOTHING(Recipe::labelSmoothing, (recipe, from) -> recipe.withLabelSmoothing(from.labelSmoothing())),
    DROPOUT(Recipe::dropout, (recipe, from) -> recipe.withDropout(from.dropout())),
    GRADIENT_ACCUMULATION(
            Recipe::gradientAccumulation,
            (recipe, from) -> recipe.withGradientAccumulation(from.gradientAccumulation())),
    MAX_GRAD_NORM(Recipe::maxGradNorm, (recipe, from) -> recipe.withMaxGradNorm(from.maxGradNorm())),
    METRIC_FOR_BEST_MODEL(
            recipe -> recipe.techniques().metric().name(), techniques(from -> own -> own.withMetric(from.metric()))),
    EARLY_STOPPING_PATIENCE(
            Recipe::earlyStoppingPatience,
            (recipe, from) -> recipe.withEarlyStoppingPatience(from.earlyStoppingPatience())),
    LAYER_DECAY(Recipe::layerDecay, (recipe, from) -> recipe.withRates(from.layerDecay(), recipe.headLearningRate())),
    HEAD_LEARNING_RATE(
            Recipe::headLearningRate, (recipe, from) -> recipe.withRates(recipe.layerDecay(), from.headLearningRate())),
    WEIGHT_AVERAGING(
            recipe -> recipe.weightAveraging().spelled(),
            (recipe, from) -> recipe.withWeightAveraging(from.weightAveraging()));

    private final Function<Recipe, Object> value;
    private final String arguments;
    private final BinaryOperator<Recipe> taking;

    Setting(Function<Recipe, Object> value, BinaryOperator<Recipe> taking) {
        this(value, "", taking);
    }

    /** @param arguments the name of the option for the numbers of a {@link Choice} */
    Setting(Function<Recipe, Object> value, String arguments, BinaryOperator<Recipe> taking) {
        this.value = value;
        this.arguments = arguments;
        this.taking = taking;
    }

    private static BinaryOperator<Recipe> techniques(Function<Techniques, UnaryOperator<Techniques>> taking) {
        return (recipe, from) ->
                recipe.withTechniques(taking.apply(from.techniques()).apply(recipe.techniques()));
    }

    private static BinaryOperator<Recipe> regularisers(Function<Regularisers, UnaryOperator<Regularisers>> taking) {
        return techniques(from ->
                own -> own.withRegularisers(taking.apply(from.regularisers()).apply(own.regularisers())));
    }

    /** The name of its option. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its value in a recipe. */
    Object of(Recipe recipe) {
        return value.apply(recipe);
    }

    /** A recipe with the value of another one. */
    Recipe taken(Recipe recipe, Recipe from) {
        return taking.apply(recipe, from);
    }

    /** Its options as a configuration spells them; none where it has no value. */
    Map<String, Object> spelled(Recipe recipe) {
        Object own = of(recipe);
        Map<String, Object> options = new TreeMap<>();
        if (own instanceof Choice choice) {
            options.put(option(), choice.name());
            options.put(arguments, choice.spelledArguments());
        } else if (own instanceof java.util.OptionalDouble number) {
            number.ifPresent(given -> options.put(option(), given));
        } else if (own instanceof java.util.Optional<?> name) {
            name.ifPresent(given -> options.put(option(), given));
        } else {
            options.put(option(), own);
        }
        return options;
    }
}
