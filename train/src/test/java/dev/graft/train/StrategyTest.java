package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.ClassifierHead;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StrategyTest {
    private static final Graph GRAPH = TinyRun.graph();
    private static final int BLOCKS = 2;
    private static final Set<Strategy> UNTRAINED =
            Set.of(Strategy.AUTO, Strategy.HEAD, Strategy.ZERO_SHOT, Strategy.FEW_SHOT);

    private static Policy policy(Strategy strategy) {
        return strategy.policy(strategy.recipe(), BLOCKS, 42);
    }

    private static Graph grown(Policy policy) {
        return policy.adapter().map(method -> method.apply(GRAPH)).orElse(GRAPH);
    }

    @Test
    void loraTrainsBranchesAndTheHeadAlone() {
        Policy policy = policy(Strategy.LORA);
        Set<String> trained =
                Selected.trainable(grown(policy), policy.phases().get(0).trainable());
        assertThat(trained)
                .hasSize(2 + 2 * 2 * BLOCKS)
                .contains("encoder.layer.0.attention.self.query.lora_A.weight", "classifier.weight");
    }

    /** 77 labels as Banking77 has; the bottleneck layers have 226,080 weights, the rest fewer. */
    @ParameterizedTest
    @CsvSource({"LORA, 0.46", "DORA, 0.48", "IA3, 0.19", "BOTTLENECK, 1.12"})
    void ofMiniLmAnAdapterTrainsFewWeights(Strategy strategy, String percent) {
        Pretrained base = new Hub(HubSettings.fromEnvironment().withOffline(true)).resolve("minilm");
        Graph headed = new ClassifierHead(base.pooling(), 77, 1).apply(Onnx.read(base.model()));
        Policy policy = policy(strategy);
        Graph graph = policy.adapter().orElseThrow().apply(headed);
        assertThat(Plan.of("minilm", strategy, policy, graph, 100, 1e-3)).contains(", " + percent + " % of all");
    }

    @ParameterizedTest
    @EnumSource
    void everyPhaseOfEveryStrategyTrainsSomething(Strategy strategy) {
        Policy policy = policy(strategy);
        assertThat(policy.phases())
                .allSatisfy(phase ->
                        assertThat(Selected.trainable(GRAPH, phase.trainable())).isNotEmpty());
        assertThat(policy.epochs())
                .isEqualTo(UNTRAINED.contains(strategy) ? 0 : strategy.recipe().epochs());
    }

    @ParameterizedTest
    @EnumSource
    void theSamePolicyComesOfTheSameNumbers(Strategy strategy) {
        assertThat(policy(strategy)).isEqualTo(policy(strategy));
        assertThat(Strategy.named(strategy.spelled())).isEqualTo(strategy);
    }

    @Test
    void unfreezingGoesFromTheTopDownAndEndsWithAll() {
        Policy policy = Strategy.gradual().policy(Strategy.GRADUAL.recipe(), 6, 42);
        assertThat(policy.probe()).contains(Probe.START);
        assertThat(policy.phases()).extracting(Phase::name).containsExactly("blocks from 5", "blocks from 3", "all");
        assertThat(policy.phases()).extracting(Phase::epochs).containsExactly(3, 3, 4);
        assertThat(policy.phases()).extracting(Phase::patience).containsExactly(1, 1, 0);
        assertThat(policy.phases().get(0).schedule())
                .isEqualTo(new Schedule.SlantedTriangular(1e-4, Warmup.ratio(0.1)));
        Policy tiny = policy(Strategy.GRADUAL);
        Set<String> before = Set.of();
        for (Phase phase : tiny.phases()) {
            Set<String> now = Selected.trainable(GRAPH, phase.trainable());
            assertThat(now).containsAll(before).hasSizeGreaterThan(before.size());
            before = now;
        }
        assertThat(before).isEqualTo(Selected.trainable(GRAPH, Selector.all()));
    }

    @Test
    void fewEpochsMakeFewPhases() {
        Policy policy = Strategy.gradual().policy(Recipe.DEFAULT.withEpochs(1), 6, 42);
        assertThat(policy.phases()).hasSize(1);
    }

    @Test
    void layeredRatesFallFromTheTopBlockDown() {
        Phase phase = policy(Strategy.LAYERED).phases().get(0);
        assertThat(phase.factors()).containsExactly(0.95 * 0.95, 0.95, 1.0, 1e-3 / 2e-5);
        assertThat(phase.factor(3)).isEqualTo(50);
        assertThat(phase.factor(0)).isEqualTo(0.95 * 0.95);
    }

    @Test
    void ulmfitsFactorsGoByThirds() {
        assertThat(DepthFactors.ulmfit(6)).containsExactly(0.1, 0.1, 0.1, 0.25, 0.25, 0.5, 0.5, 1.0);
        assertThat(DepthFactors.ulmfit(1)).containsExactly(0.1, 0.5, 1.0);
    }

    @Test
    void oneRateForAllNeedsNoFactors() {
        assertThat(policy(Strategy.FULL).phases().get(0).factors()).isEmpty();
        assertThat(policy(Strategy.FULL).phases().get(0).factor(2)).isEqualTo(1);
    }

    @Test
    void bitfitTrainsBiasesAndTheHead() {
        Set<String> trained = Selected.trainable(
                GRAPH, policy(Strategy.BITFIT).phases().get(0).trainable());
        Map<String, dev.graft.tensor.Array> weights = GRAPH.weights();
        assertThat(trained).contains("classifier.weight", "classifier.bias").hasSizeGreaterThan(10);
        assertThat(trained)
                .filteredOn(name -> !name.equals("classifier.weight"))
                .allMatch(name ->
                        java.util.Objects.requireNonNull(weights.get(name)).rank() == 1);
    }

    @Test
    void aPhaseThatTrainsNothingIsRefused() {
        Phase all = new Phase("all", 1, Selector.all(), new Schedule.Constant(1e-4));
        Phase none = new Phase("none", 1, Selector.name("decoder/**"), new Schedule.Constant(1e-4));
        Policy policy = new Policy(List.of(all, none), 1, 1, 0, 0, 0, 0, 0, 42);
        assertThatThrownBy(() -> Selected.requireTrainable(GRAPH, policy, Strategy.FULL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Phase 'none' of --strategy full trains nothing")
                .hasMessageContaining("decoder/**");
    }

    @Test
    void strategiesThatGoByBlocksNeedThem() {
        for (Strategy strategy : new Strategy[] {Strategy.LAYERED, Strategy.GRADUAL, Strategy.ULMFIT}) {
            assertThatThrownBy(() -> strategy.policy(strategy.recipe(), 0, 42))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--strategy " + strategy.spelled())
                    .hasMessageContaining("none are recognised");
        }
    }

    @Test
    void fewShotTunesTheEncoderByContrastBeforeTheHeadIsSolvedFor() {
        Policy policy = policy(Strategy.FEW_SHOT);
        assertThat(policy.probe()).contains(FewShot.PROBE);
        assertThat(policy.labelRows()).isTrue();
        assertThat(policy.ofTheEncoder().phases()).isEqualTo(policy.encoderPhases());
        assertThat(policy.encoderPhases()).singleElement().satisfies(phase -> {
            assertThat(phase.objective()).isInstanceOf(Objective.Contrast.class);
            assertThat(Selected.trainable(GRAPH, phase.trainable())).isNotEmpty();
        });
        assertThat(policy.weightAveraging().interpolations()).startsWith(0.0).endsWith(1.0);
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "LAYERED", "GRADUAL", "ULMFIT", "LP_FT", "FEW_SHOT"})
    void whatTrainsWeightsTakesAnEpochAtLeast(Strategy strategy) {
        assertThatThrownBy(() -> strategy.policy(strategy.recipe().withEpochs(0), 6, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--epochs must be 1 or more, not 0");
    }

    @Test
    void fewRowsDecayMoreThanMany() {
        Recipe recipe = Strategy.full().recipe();
        assertThat(recipe.forRows(999).weightDecay()).isEqualTo(0.1);
        assertThat(recipe.forRows(1_000).weightDecay()).isEqualTo(0.01);
        assertThat(recipe.forRows(10_000).weightDecay()).isEqualTo(0.001);
        assertThat(recipe.forRows(5_000)).isEqualTo(recipe);
    }

    @Test
    void manyRowsAreLearnedFewerTimesWhereAllWeightsMove() {
        assertThat(Strategy.FULL.recipe(1_999).epochs()).isEqualTo(10);
        assertThat(Strategy.FULL.recipe(2_000).epochs()).isEqualTo(4);
        assertThat(Strategy.LP_FT.recipe(5_000).epochs()).isEqualTo(3);
        assertThat(Strategy.GRADUAL.recipe(5_000).epochs()).isEqualTo(3);
        assertThat(Strategy.LORA.recipe(5_000).epochs()).isEqualTo(10);
        assertThat(Strategy.FULL.recipe(12_000).weightDecay()).isEqualTo(0.001);
    }

    @Test
    void wrongRatesAreRefused() {
        assertThatThrownBy(() -> Recipe.DEFAULT.withRates(0, 0))
                .hasMessageContaining("--layer-decay must be more than 0 and at most 1, not 0.0");
        assertThatThrownBy(() -> Recipe.DEFAULT.withRates(1, -1))
                .hasMessageContaining("--head-learning-rate must be 0");
    }

    @Test
    void aPhaseRefusesRatesBelowZero() {
        assertThatThrownBy(() ->
                        new Phase("p", 1, Selector.all(), new Schedule.Constant(1e-3), java.util.List.of(1.0, -1.0), 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("more than 0, not [1.0, -1.0] (phase 'p')");
    }

    @Test
    void aSlantedTriangleRisesAndFallsWithinItsBounds() {
        var schedule = new Schedule.SlantedTriangular(0.32, Warmup.ratio(0.1));
        assertThat(schedule.at(new Schedule.Moment(0, 100, java.util.List.of())))
                .isEqualTo(0.01);
        assertThat(schedule.at(new Schedule.Moment(0.1, 100, java.util.List.of())))
                .isEqualTo(0.32);
        assertThat(schedule.at(new Schedule.Moment(1, 100, java.util.List.of())))
                .isEqualTo(0.01);
        assertThat(schedule.at(new Schedule.Moment(0.55, 100, java.util.List.of())))
                .isCloseTo(0.165, org.assertj.core.api.Assertions.within(1e-12));
    }
}
