package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.eval.Metric;
import dev.graft.task.TargetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * By what validation tells which of two sets of weights is the better one.
 *
 * @param name of a score of the run's task as {@code scores.json} has it, or {@code loss}; empty for the score that decides
 */
public record BestMetric(Optional<String> name) {
    private static final String LOWER_LOSS = "loss";

    /** The score that decides for the task, then lower loss. */
    public static final BestMetric USUAL = new BestMetric(Optional.empty());

    /** Lower loss, then the score that decides for the task. */
    public static final BestMetric LOSS = new BestMetric(Optional.of(LOWER_LOSS));

    /** What the command line calls so; whether a task has it is known once the task is. */
    public static BestMetric named(String name) {
        return new BestMetric(Optional.of(name));
    }

    /**
     * The score that is told of each epoch.
     *
     * @throws InputException if the task has no score of that name
     */
    Metric of(TargetKind kind) {
        if (name.isEmpty() || equals(LOSS)) {
            return kind.metrics().get(0);
        }
        List<String> known = new ArrayList<>(List.of(LOWER_LOSS));
        kind.metrics().forEach(metric -> known.add(metric.key()));
        return kind.metrics().stream()
                .filter(metric -> metric.key().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new InputException("--metric-for-best-model must be one of "
                        + String.join(", ", known) + " for --task " + kind.spelled() + ", not '" + name.get() + "'"
                        + Suggestion.text(name.get(), known)));
    }

    /** Whether one is better than another. */
    boolean prefers(Validation.Result one, Validation.Result other) {
        int byScore = one.metric().higherIsBetter()
                ? Double.compare(worstIfNone(one, -1), worstIfNone(other, -1))
                : Double.compare(worstIfNone(other, 1), worstIfNone(one, 1));
        int byLoss = Double.compare(other.logLoss(), one.logLoss());
        int first = equals(LOSS) ? byLoss : byScore;
        return first > 0 || first == 0 && (equals(LOSS) ? byScore : byLoss) > 0;
    }

    private static double worstIfNone(Validation.Result result, int worst) {
        return Double.isNaN(result.value()) ? worst * Double.POSITIVE_INFINITY : result.value();
    }
}
