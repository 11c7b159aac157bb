package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.task.Corpus;
import dev.graft.task.Regression;
import dev.graft.task.Target;
import dev.graft.task.TargetKind;
import java.util.ArrayList;
import java.util.List;

/** What a run can do for each kind of answer. */
final class Answers {
    private Answers() {}

    /** What a phase that learns the rows' answers makes small. */
    static Objective objective(Target target) {
        if (target instanceof Regression regression) {
            return new Objective.Number(regression.scale().deviation());
        }
        return target.kind() == TargetKind.MULTI_LABEL ? new Objective.Labels() : Objective.classes();
    }

    /** Whether rows that are held out choose an epoch or thresholds. */
    static boolean choose(Policy policy, Corpus corpus) {
        return !policy.phases().isEmpty() || corpus.target().kind() == TargetKind.MULTI_LABEL;
    }

    /** Where neither an epoch nor thresholds are to be chosen, the rows that would choose them are learned too. */
    static List<Example> learned(Policy policy, Corpus corpus) {
        List<Example> rows = new ArrayList<>(corpus.split().train());
        if (!choose(policy, corpus)) {
            rows.addAll(corpus.split().validation());
        }
        return rows;
    }

    /**
     * Refuses what a run is asked for that its answers do not allow.
     *
     * @throws InputException that names the option
     */
    static void requireAble(TrainingJob job, Policy policy, TargetKind kind) {
        if (kind == TargetKind.SINGLE_LABEL) {
            return;
        }
        String task = "; --task " + kind.spelled() + " cannot take it";
        require(job.members.isEmpty(), "--ensemble averages models that give one label a row, in no order" + task);
        require(
                policy.matching().isEmpty(),
                "--strategy zero-shot compares texts with the words of labels of which a row has one, in no order"
                        + task);
        require(
                job.adapter.isEmpty() && job.saveAdapter.isEmpty(),
                "--adapter and --save-adapter hold a head for one label a row, in no order" + task);
        boolean contrast =
                policy.encoderPhases().stream().anyMatch(phase -> phase.objective() instanceof Objective.Contrast);
        require(
                !contrast || kind.oneLabel(),
                "--strategy " + job.strategy.spelled() + " contrasts rows of one label with others" + task);
        require(
                policy.labelSmoothing() == 0 || kind.oneLabel(),
                "--label-smoothing spreads one label's share over the others" + task);
    }

    private static void require(boolean able, String otherwise) {
        if (!able) {
            throw new InputException(otherwise);
        }
    }
}
