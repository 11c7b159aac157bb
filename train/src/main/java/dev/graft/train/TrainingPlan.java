package dev.graft.train;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a training is going to do and to take, found out without training.
 *
 * @param rows how many there are for what
 * @param way what is going to be done with them
 * @param lengths of the texts that are learned, in tokens
 * @param shape the largest batch
 * @param forecast of its memory; empty where the strategy or the machine does not let it be told
 * @param seconds that all epochs take together, from the time of a small step; where there are none, of one pass of the
 *     frozen part over the rows that are learned; empty where they cannot be told
 * @param change what makes the peak stay under the limit; empty if nothing has to change, or nothing does
 * @param limit that was asked for, in bytes
 */
public record TrainingPlan(
        String rows,
        String way,
        Lengths lengths,
        Shape shape,
        Optional<Forecast> forecast,
        OptionalDouble seconds,
        Optional<Change> change,
        OptionalLong limit) {
    /**
     * A batch.
     *
     * @param rows that go through the network together
     * @param tokens of its longest text
     * @param accumulation batches of a step
     */
    public record Shape(int rows, int tokens, int accumulation) {}

    /**
     * Options that make a training smaller.
     *
     * @param options as they are given to the command
     * @param forecast under them
     * @param sameResult whether the trained model is the same as without them, but for rounding
     */
    public record Change(List<String> options, Forecast forecast, boolean sameResult) {}

    /** Plans a job. */
    public static TrainingPlan of(TrainingJob job, OptionalLong limit) {
        return new PlanRun(job, limit).run();
    }

    /** Whether the training stays under the limit as it was asked for; true where there is none. */
    public boolean fits() {
        return limit.isEmpty()
                || forecast.map(found -> found.peak() <= limit.getAsLong()).orElse(false);
    }
}
