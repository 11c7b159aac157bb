package dev.graft.train;

import dev.graft.data.Batches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a phase takes under any shape of its batches.
 *
 * @param process what is there whatever is trained, in bytes
 * @param weights all of them, in bytes
 */
record StepForecast(StepCost cost, long process, long weights) {
    private static final int SHORTEST = 16;

    Forecast of(TrainingPlan.Shape shape) {
        return new Forecast(
                process,
                weights,
                cost.optimizer(),
                cost.gradients(),
                cost.activations(shape.rows(), shape.tokens()),
                2 * cost.gradients(),
                shape.accumulation() > 1);
    }

    /** Seconds of all epochs, each row padded to the longest of its batch. */
    double seconds(int[] lengths, Policy policy) {
        long tokens = Batches.byLength(lengths, policy.batchSize(), policy.seed()).stream()
                .mapToLong(batch -> (long) batch.length
                        * Arrays.stream(batch).map(row -> lengths[row]).max().orElse(0))
                .sum();
        return tokens * cost.secondsPerToken() * policy.epochs();
    }

    /**
     * The first that stays under a limit: smaller batches of which as many make a step, then shorter texts too.
     *
     * @param before options that are taken already, which leave the shape as it is
     */
    Optional<TrainingPlan.Change> change(TrainingPlan.Shape shape, List<String> before, long limit) {
        for (int tokens = shape.tokens(); tokens >= Math.min(SHORTEST, shape.tokens()); tokens /= 2) {
            for (int rows = shape.rows(); rows >= 1; rows /= 2) {
                int accumulation = (shape.rows() * shape.accumulation() + rows - 1) / rows;
                var smaller = new TrainingPlan.Shape(rows, tokens, accumulation);
                Forecast forecast = of(smaller);
                if (forecast.peak() <= limit) {
                    return Optional.of(new TrainingPlan.Change(
                            options(before, shape, smaller), forecast, tokens == shape.tokens()));
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> options(List<String> before, TrainingPlan.Shape asked, TrainingPlan.Shape smaller) {
        List<String> options = new ArrayList<>(before);
        if (smaller.rows() != asked.rows()) {
            options.add("--batch-size " + smaller.rows());
            options.add("--gradient-accumulation " + smaller.accumulation());
        }
        if (smaller.tokens() != asked.tokens()) {
            options.add("--max-length " + smaller.tokens());
        }
        return options;
    }
}
