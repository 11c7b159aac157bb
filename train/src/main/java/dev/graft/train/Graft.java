package dev.graft.train;

import dev.graft.data.LabelWords;
import dev.graft.task.TextClassification;

/** Where a program begins: from labelled rows to a tuned model. */
public final class Graft {
    private Graft() {}

    /** A training run over a task's rows; nothing happens until {@link TrainingJob#run}. */
    public static TrainingJob train(TextClassification task) {
        return new TrainingJob(task);
    }

    /** A classifier made of what labels are called, without any rows; nothing happens until {@link ZeroShotJob#run}. */
    public static ZeroShotJob zeroShot(LabelWords words) {
        return new ZeroShotJob(words);
    }
}
