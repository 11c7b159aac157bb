package dev.graft.train;

import dev.graft.task.TextClassification;

/** Where a program begins: from labelled rows to a tuned model. */
public final class Graft {
    private Graft() {}

    /** A training run over a task's rows; nothing happens until {@link TrainingJob#run}. */
    public static TrainingJob train(TextClassification task) {
        return new TrainingJob(task);
    }
}
