package dev.graft.train;

import dev.graft.bundle.Bundle;
import dev.graft.eval.ScoreSheet;

/**
 * What a run came to.
 *
 * @param bundle the tuned model on disk
 * @param sheet its scores on the test rows beside the baselines'
 * @param history what the training did
 */
public record TrainingResult(Bundle bundle, ScoreSheet sheet, History history) {}
