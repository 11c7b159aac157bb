package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting under every strategy and every kind of answer either decides something or is refused. */
class EffectsTest {
    private static final int BLOCKS = 2;
    private static final Map<Setting, UnaryOperator<Recipe>> CHANGES = changes();
    /** What follows the scores of rows that are held out, and so moves no weight of a run that ends before its best. */
    private static final Set<Setting> CHOOSING =
            EnumSet.of(Setting.METRIC_FOR_BEST_MODEL, Setting.EARLY_STOPPING_PATIENCE);

    private static final Set<Setting> OF_CLASSES =
            EnumSet.of(Setting.LOSS, Setting.CLASS_WEIGHT, Setting.SAMPLER, Setting.MIXUP, Setting.LABEL_SMOOTHING);

    private static final TokenRows ROWS = TokenRows.random(60, 1);

    @TempDir
    Path folder;

    private static Map<Setting, UnaryOperator<Recipe>> changes() {
        Map<Setting, UnaryOperator<Recipe>> changes = new EnumMap<>(Setting.class);
        changes.put(Setting.LEARNING_RATE, recipe -> recipe.withLearningRate(recipe.learningRate() / 2));
        changes.put(Setting.EPOCHS, recipe -> recipe.withEpochs(recipe.epochs() + 1));
        changes.put(Setting.BATCH_SIZE, recipe -> recipe.withBatchSize(recipe.batchSize() / 2));
        changes.put(Setting.WARMUP_RATIO, recipe -> recipe.withSchedule(Warmup.ratio(0.4), recipe.scheduler()));
        changes.put(
                Setting.WARMUP_STEPS,
                recipe -> recipe.withSchedule(new Warmup(recipe.warmup().ratio(), 3), recipe.scheduler()));
        changes.put(
                Setting.LR_SCHEDULER_TYPE, recipe -> recipe.withSchedule(recipe.warmup(), Choice.of("inverse_sqrt")));
        changes.put(Setting.OPTIM, techniques(own -> own.withOptimizer(Choice.of("lion"))));
        changes.put(
                Setting.LOSS, techniques(own -> own.withLoss(Choice.of("focal"), own.classWeight(), own.sampler())));
        changes.put(
                Setting.CLASS_WEIGHT, techniques(own -> own.withLoss(own.loss(), ClassWeight.BALANCED, own.sampler())));
        changes.put(Setting.SAMPLER, techniques(own -> own.withLoss(own.loss(), own.classWeight(), Sampler.BALANCED)));
        changes.put(Setting.WEIGHT_DECAY, recipe -> recipe.withWeightDecay(0.5));
        changes.put(Setting.CLASSIFIER_DROPOUT, regularisers(own -> own.withHeadDropout(OptionalDouble.of(0.4))));
        changes.put(Setting.L2_SP, regularisers(own -> own.withL2Sp(0.1)));
        changes.put(Setting.MIXUP, regularisers(own -> own.withMixup(0.4)));
        changes.put(Setting.LAYERDROP, regularisers(own -> own.withLayerDrop(0.5)));
        changes.put(Setting.MIXOUT, regularisers(own -> own.withMixout(0.5)));
        changes.put(Setting.NEFTUNE_NOISE_ALPHA, regularisers(own -> own.withNoise(50)));
        changes.put(Setting.LABEL_SMOOTHING, recipe -> recipe.withLabelSmoothing(0.2));
        changes.put(Setting.DROPOUT, recipe -> recipe.withDropout(0.4));
        changes.put(Setting.GRADIENT_ACCUMULATION, recipe -> recipe.withGradientAccumulation(2));
        changes.put(Setting.MAX_GRAD_NORM, recipe -> recipe.withMaxGradNorm(1e-3));
        changes.put(Setting.METRIC_FOR_BEST_MODEL, techniques(own -> own.withMetric(BestMetric.LOSS)));
        changes.put(Setting.EARLY_STOPPING_PATIENCE, recipe -> recipe.withEarlyStoppingPatience(1));
        changes.put(Setting.LAYER_DECAY, recipe -> recipe.withRates(0.5, recipe.headLearningRate()));
        changes.put(Setting.HEAD_LEARNING_RATE, recipe -> recipe.withRates(recipe.layerDecay(), 5e-2));
        changes.put(
                Setting.WEIGHT_AVERAGING,
                recipe -> recipe.withWeightAveraging(
                        WeightAveraging.named(recipe.weightAveraging().spelled().equals("ema") ? "none" : "ema")));
        return changes;
    }

    private static UnaryOperator<Recipe> techniques(UnaryOperator<Techniques> change) {
        return recipe -> recipe.withTechniques(change.apply(recipe.techniques()));
    }

    private static UnaryOperator<Recipe> regularisers(UnaryOperator<Regularisers> change) {
        return techniques(own -> own.withRegularisers(change.apply(own.regularisers())));
    }

    private static UnaryOperator<Recipe> change(Setting setting) {
        return Objects.requireNonNull(CHANGES.get(setting), () -> setting + " has no example");
    }

    private static Effects effects(Strategy strategy, TargetKind kind, boolean validated) {
        return new Effects(
                List.of(strategy), "--strategy " + strategy.spelled(), 90, kind, validated, Optional.empty());
    }

    static Stream<Arguments> strategiesAndSettings() {
        return Arrays.stream(Strategy.values())
                .filter(strategy -> strategy != Strategy.AUTO)
                .flatMap(strategy -> Arrays.stream(Setting.values()).map(setting -> Arguments.of(strategy, setting)));
    }

    /** The settings that a strategy has no use for, as the guide says. */
    private static Set<Setting> idle(Strategy strategy) {
        Set<Setting> idle = EnumSet.noneOf(Setting.class);
        switch (strategy) {
            case HEAD, ZERO_SHOT -> idle.addAll(EnumSet.allOf(Setting.class));
            case ULMFIT -> idle.addAll(EnumSet.of(Setting.LAYER_DECAY, Setting.HEAD_LEARNING_RATE));
            case FEW_SHOT -> {
                idle.addAll(OF_CLASSES);
                idle.addAll(EnumSet.of(
                        Setting.CLASSIFIER_DROPOUT,
                        Setting.LAYER_DECAY,
                        Setting.HEAD_LEARNING_RATE,
                        Setting.EARLY_STOPPING_PATIENCE));
            }
            default -> {}
        }
        return idle;
    }

    @ParameterizedTest
    @MethodSource("strategiesAndSettings")
    void aSettingDecidesSomethingOrIsRefusedByName(Strategy strategy, Setting setting) {
        Effects effects = effects(strategy, TargetKind.SINGLE_LABEL, true);
        UnaryOperator<Recipe> change = change(setting);
        if (idle(strategy).contains(setting)) {
            assertThatThrownBy(() -> effects.require(change))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--" + setting.option())
                    .hasMessageMatching("(?s).*(no effect with --strategy .*leave it out|this strategy trains none).*");
        } else {
            assertThatCode(() -> effects.require(change)).doesNotThrowAnyException();
        }
    }

    /** A run over a tiny encoder ends elsewhere under each setting that is not refused. */
    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"FULL", "GRADUAL", "LORA"})
    void whatIsNotRefusedChangesWhatIsTrained(Strategy strategy) {
        Recipe usual = strategy.recipe()
                .forRows(60)
                .withLearningRate(5e-3)
                .withEpochs(3)
                .withBatchSize(30);
        Map<String, Array> one = trained(strategy, usual, "one");
        assertThat(trained(strategy, usual, "again")).isEqualTo(one);
        for (Setting setting : EnumSet.complementOf(EnumSet.copyOf(CHOOSING))) {
            Recipe changed = change(setting).apply(usual);
            assertThat(trained(strategy, changed, setting.name()))
                    .as("%s", setting)
                    .isNotEqualTo(one);
        }
    }

    private Map<String, Array> trained(Strategy strategy, Recipe recipe, String name) {
        Policy policy = strategy.policy(recipe, BLOCKS, 42);
        Graph graph =
                policy.adapter().map(method -> method.apply(TinyRun.graph())).orElseGet(TinyRun::graph);
        return new TreeMap<>(
                TinyRun.of(policy, folder.resolve(name)).on(ROWS).end(graph).weights());
    }

    @ParameterizedTest
    @EnumSource(
            value = TargetKind.class,
            names = {"MULTI_LABEL", "REGRESSION"})
    void whatConcernsClassesIsRefusedForOtherAnswers(TargetKind kind) {
        for (Setting setting : Setting.values()) {
            Effects effects = effects(Strategy.FULL, kind, true);
            if (OF_CLASSES.contains(setting)) {
                assertThatThrownBy(() -> effects.require(change(setting)))
                        .hasMessageContaining("--" + setting.option() + " has no effect");
            } else {
                assertThatCode(() -> effects.require(change(setting))).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void whatGoesByValidationIsRefusedWithoutRowsForIt() {
        Effects effects = effects(Strategy.FULL, TargetKind.SINGLE_LABEL, false);
        for (Setting setting : Setting.values()) {
            if (CHOOSING.contains(setting)) {
                assertThatThrownBy(() -> effects.require(change(setting))).hasMessageContaining("has no effect");
            } else {
                assertThatCode(() -> effects.require(change(setting))).doesNotThrowAnyException();
            }
        }
        assertThatThrownBy(() -> effects.require(
                        recipe -> recipe.withSchedule(recipe.warmup(), Choice.of("reduce_lr_on_plateau"))))
                .hasMessageContaining("goes by the validation loss");
    }

    /** Contrast learns all rows: no epoch is scored, and a metric only says how far the weights may go. */
    @Test
    void contrastHasNoScoresToFollow() {
        Effects effects = effects(Strategy.FEW_SHOT, TargetKind.SINGLE_LABEL, true);
        assertThatThrownBy(() -> effects.require(
                        recipe -> recipe.withSchedule(recipe.warmup(), Choice.of("reduce_lr_on_plateau"))))
                .hasMessageContaining("goes by the validation loss");
        UnaryOperator<Recipe> byLoss = recipe ->
                change(Setting.METRIC_FOR_BEST_MODEL).apply(recipe.withWeightAveraging(WeightAveraging.none()));
        assertThatThrownBy(() -> effects.require(byLoss)).hasMessageContaining("--metric-for-best-model has no effect");
    }

    @Test
    void allThatHasNoEffectIsNamedAtOnce() {
        assertThatThrownBy(() -> effects(Strategy.HEAD, TargetKind.SINGLE_LABEL, true)
                        .require(recipe -> recipe.withEpochs(2).withDropout(0.3)))
                .hasMessage("--epochs, --dropout have no effect with --strategy head; leave them out");
    }

    @Test
    void aRiseThatTheScheduleDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> effects(Strategy.FULL, TargetKind.SINGLE_LABEL, true)
                        .require(recipe -> recipe.withSchedule(Warmup.ratio(0.3), Choice.of("constant"))))
                .hasMessage("--warmup-ratio has no effect with --strategy full; leave it out");
        assertThatThrownBy(() -> effects(Strategy.FULL, TargetKind.SINGLE_LABEL, true)
                        .require(recipe -> recipe.withSchedule(new Warmup(0.3, 5), recipe.scheduler())))
                .hasMessage("--warmup-ratio has no effect with --strategy full; leave it out");
    }

    /** Of several strategies one reader is enough: head reads no rate, but full does. */
    @Test
    void oneReaderIsEnough() {
        Effects both = new Effects(
                List.of(Strategy.HEAD, Strategy.FULL),
                "--ensemble head,full",
                90,
                TargetKind.SINGLE_LABEL,
                true,
                Optional.empty());
        UnaryOperator<Recipe> slower = recipe -> recipe.withLearningRate(1e-5);
        assertThatCode(() -> both.require(slower)).doesNotThrowAnyException();
        assertThat(both.spelled(slower)).containsOnly(Map.entry("learning-rate", 1e-5));
        Effects pretrained = new Effects(
                List.of(Strategy.HEAD),
                "--strategy head",
                90,
                TargetKind.SINGLE_LABEL,
                true,
                Optional.of(Pretraining.on(Path.of("texts.txt"), 1)));
        assertThatCode(() -> pretrained.require(recipe -> recipe.withBatchSize(8)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> pretrained.require(recipe -> recipe.withEpochs(8)))
                .hasMessageContaining("--epochs has no effect");
    }

    @Test
    void aConfigurationNamesWhatDecides() {
        assertThat(effects(Strategy.HEAD, TargetKind.SINGLE_LABEL, true).spelled(usual -> usual))
                .isEmpty();
        Map<String, Object> full =
                effects(Strategy.FULL, TargetKind.SINGLE_LABEL, true).spelled(usual -> usual.withEpochs(4));
        assertThat(full)
                .containsEntry("epochs", 4)
                .containsEntry("loss-args", "")
                .containsEntry("weight-decay", 0.1);
        assertThat(full).doesNotContainKeys("classifier-dropout", "metric-for-best-model");
    }
}
