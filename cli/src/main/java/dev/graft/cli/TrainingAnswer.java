package dev.graft.cli;

import dev.graft.eval.ScoreSheet;
import dev.graft.train.History;
import dev.graft.train.TrainingResult;

/** What {@code graft train --json} prints. */
record TrainingAnswer(String bundle, ScoreSheet sheet, History history) {
    static TrainingAnswer of(TrainingResult result) {
        return new TrainingAnswer(result.bundle().folder().toString(), result.sheet(), result.history());
    }
}
