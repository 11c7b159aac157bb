package dev.graft.train;

import dev.graft.InputException;
import dev.graft.task.TargetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which settings of a run decide anything.
 *
 * @param strategies that may be followed
 * @param circumstances in which settings decide something or nothing, as options
 * @param rows of the data, by which usual numbers go
 * @param kind of the rows' answers
 * @param validated whether rows that are held out score the epochs
 * @param pretraining that comes before the strategy
 */
record Effects(
        List<Strategy> strategies,
        String circumstances,
        int rows,
        TargetKind kind,
        boolean validated,
        Optional<Pretraining> pretraining) {
    /** What a job is about; of a race's contenders the one for few rows, which not every race has, is left out. */
    static Effects of(TrainingJob job) {
        boolean race = job.strategy == Strategy.AUTO && job.members.isEmpty();
        TargetKind kind = job.task.target().kind();
        String circumstances = (job.members.isEmpty()
                        ? "--strategy " + job.strategy.spelled()
                        : "--ensemble " + Member.text(job.members))
                + (kind == TargetKind.SINGLE_LABEL ? "" : " and --task " + kind.spelled())
                + (job.validationShare > 0 || race ? "" : " and --validation-share 0");
        return new Effects(
                race ? field() : strategies(job),
                circumstances,
                job.task.table().rows().size(),
                kind,
                job.validationShare > 0 && !race,
                job.pretraining);
    }

    /** What a job is about whose strategy has been chosen. */
    static Effects of(TrainingJob job, Strategy chosen, Policy policy) {
        return new Effects(
                List.of(chosen),
                "--strategy " + chosen.spelled(),
                job.task.table().rows().size(),
                job.task.target().kind(),
                Corpora.validationShare(job, policy) > 0,
                job.pretraining);
    }

    private static List<Strategy> field() {
        return Stream.concat(Stream.of(Strategy.HEAD), Race.FIELD.stream())
                .filter(strategy -> strategy != Strategy.FEW_SHOT)
                .toList();
    }

    private static List<Strategy> strategies(TrainingJob job) {
        return job.members.isEmpty()
                ? List.of(job.strategy)
                : job.members.stream().map(Member::strategy).distinct().toList();
    }

    /**
     * Whether a setting decides anything.
     *
     * @param change what is made of each strategy's own numbers
     */
    boolean decides(Setting setting, UnaryOperator<Recipe> change) {
        return strategies.stream().anyMatch(strategy -> decides(setting, strategy, change));
    }

    private boolean decides(Setting setting, Strategy strategy, UnaryOperator<Recipe> change) {
        Recipe usual = strategy.recipe(rows);
        Recipe asked = change.apply(usual);
        List<Policy> essence = essence(strategy, asked);
        try {
            return !essence.equals(essence(strategy, setting.taken(asked, usual)));
        } catch (InputException onlyTogether) {
            return true;
        }
    }

    private List<Policy> essence(Strategy strategy, Recipe recipe) {
        Objective answers = switch (kind) {
            case SINGLE_LABEL, ORDINAL -> Objective.classes();
            case MULTI_LABEL -> new Objective.Labels();
            case REGRESSION -> new Objective.Number(1);
        };
        List<Policy> policies = new ArrayList<>();
        pretraining.ifPresent(before -> policies.add(before.policy(recipe, 0)));
        policies.add(strategy.policy(recipe, TrainingRun.ANY_BLOCKS, 0).toward(answers));
        return policies.stream().map(policy -> Essence.of(policy, validated)).toList();
    }

    /**
     * Refuses settings that were asked for and decide nothing, and a rate that follows scores which there are none of.
     *
     * @param change what is made of each strategy's own numbers
     * @throws InputException that names them all
     */
    void require(UnaryOperator<Recipe> change) {
        List<Setting> idle = Arrays.stream(Setting.values())
                .filter(setting -> strategies.stream().anyMatch(strategy -> asked(setting, strategy, change)))
                .filter(setting -> !decides(setting, change))
                .toList();
        if (!idle.isEmpty()) {
            throw new InputException(
                    idle.stream().map(setting -> "--" + setting.option()).collect(Collectors.joining(", "))
                            + (idle.size() == 1 ? " has" : " have") + " no effect with " + circumstances
                            + "; leave " + (idle.size() == 1 ? "it" : "them") + " out");
        }
        if (strategies.stream().anyMatch(strategy -> followsNothing(strategy, change))) {
            throw new InputException("--lr-scheduler-type reduce_lr_on_plateau goes by the validation loss, but with "
                    + circumstances + " no rows are held out for it; take another schedule");
        }
    }

    /**
     * The settings that a configuration must name for the same training: of one strategy all that decide something, of
     * several, which have usual numbers of their own, those that were changed.
     *
     * @param change what is made of each strategy's own numbers
     */
    Map<String, Object> spelled(UnaryOperator<Recipe> change) {
        Strategy first = strategies.get(0);
        Recipe recipe = change.apply(first.recipe(rows));
        boolean steps = strategies.size() == 1
                && essence(first, recipe).stream()
                        .anyMatch(policy -> !policy.phases().isEmpty()
                                || !policy.encoderPhases().isEmpty());
        Map<String, Object> options = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            boolean asked = strategies.stream().anyMatch(strategy -> asked(setting, strategy, change));
            if (asked ? decides(setting, change) : steps) {
                options.putAll(setting.spelled(recipe));
            }
        }
        return options;
    }

    private boolean asked(Setting setting, Strategy strategy, UnaryOperator<Recipe> change) {
        Recipe usual = strategy.recipe(rows);
        return !setting.of(change.apply(usual)).equals(setting.of(usual));
    }

    private boolean followsNothing(Strategy strategy, UnaryOperator<Recipe> change) {
        Policy policy = strategy.policy(change.apply(strategy.recipe()), TrainingRun.ANY_BLOCKS, 0);
        return Essence.followsNothing(policy, validated);
    }
}
