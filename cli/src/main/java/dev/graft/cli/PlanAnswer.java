package dev.graft.cli;

import dev.graft.train.Forecast;
import dev.graft.train.Lengths;
import dev.graft.train.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code graft plan --json} prints; memory in bytes.
 *
 * @param memory by what takes it, and {@code peak}; empty where it is not told
 * @param seconds of all epochs; null where it is not told
 * @param fits whether the peak stays under {@code --memory}; true without one
 * @param change options that make it fit, the first of which is least; empty where none has to or does
 */
record PlanAnswer(
        String rows,
        String plan,
        Lengths tokens,
        TrainingPlan.Shape batch,
        Map<String, Long> memory,
        @Nullable Double seconds,
        boolean fits,
        List<String> change) {
    static PlanAnswer of(TrainingPlan plan) {
        return new PlanAnswer(
                plan.rows(),
                plan.way(),
                plan.lengths(),
                plan.shape(),
                plan.forecast().map(PlanAnswer::memory).orElse(Map.of()),
                plan.seconds().isPresent() ? plan.seconds().getAsDouble() : null,
                plan.fits(),
                plan.change().map(TrainingPlan.Change::options).orElse(List.of()));
    }

    private static Map<String, Long> memory(Forecast forecast) {
        return new TreeMap<>(Map.of(
                "peak", forecast.peak(),
                "process", forecast.process(),
                "weights", forecast.weights(),
                "optimizer", forecast.optimizer(),
                "gradients", forecast.gradients(),
                "activations", forecast.activations(),
                "copies", forecast.kept()));
    }
}
