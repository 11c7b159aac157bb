package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.task.Corpus;
import dev.graft.task.Truth;
import java.util.ArrayList;
import java.util.List;

/** Whether there are rows enough for what a run compares with each other. */
final class Folds {
    private static final int FEWEST = 2;

    private Folds() {}

    /**
     * Refuses a run that judges by folds, contrasts rows of one label, or ends beside a head on the frozen trunk, which is
     * solved for under cross-validation, if there are too few rows for it.
     *
     * @throws InputException if there are
     */
    static void require(TrainingJob job, Policy policy, Corpus corpus) {
        if (job.strategy == Strategy.AUTO) {
            Course.of(classes(corpus, corpus.split().train()), corpus.labels().size(), job.seed);
            return;
        }
        if (!policy.encoderPhases().isEmpty()) {
            List<Example> rows = new ArrayList<>(corpus.split().train());
            rows.addAll(LabelTexts.rows(job, corpus, rows.size()));
            requirePairs(job.strategy, classes(corpus, rows));
        }
        if (policy.matching().isEmpty() || job.pretraining.isPresent()) {
            requireFolds(policy.probe().orElse(Probe.UNIT), corpus, Answers.learned(policy, corpus));
        }
    }

    private static void requireFolds(Probe probe, Corpus corpus, List<Example> rows) {
        if (corpus.target().kind().oneLabel()) {
            ClassGoal.folds(classes(corpus, rows), corpus.labels().size(), probe.folds(), rows.size());
        } else if (rows.size() < FEWEST) {
            throw new InputException("A head is solved for under cross-validation, which needs 2 rows to train on at"
                    + " least, not " + rows.size() + "; add rows");
        }
    }

    private static int[] classes(Corpus corpus, List<Example> rows) {
        return ((Truth.Classes) corpus.target().truth(corpus.labels(), rows)).numbers();
    }

    /**
     * Refuses rows of which no two have one label.
     *
     * @param labels one a row
     * @throws InputException if there are no such two
     */
    static void requirePairs(Strategy strategy, int... labels) {
        if (java.util.Arrays.stream(labels).distinct().count() == labels.length) {
            throw new InputException("--strategy " + strategy.spelled()
                    + " compares rows of one label with each other, but each of the " + labels.length
                    + " rows to train on has a label of its own; add rows");
        }
    }
}
