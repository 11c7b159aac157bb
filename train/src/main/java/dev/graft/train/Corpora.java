package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.Split;
import dev.graft.task.Corpus;
import dev.graft.task.TargetKind;
import java.util.List;
import java.util.Optional;

/** The rows of a job. */
final class Corpora {
    private Corpora() {}

    /**
     * The rows in their parts, under the labels that were given.
     *
     * @param policy that they are trained by, as far as it is known
     * @throws InputException if there are too few, or a row has an unknown label
     */
    static Corpus of(TrainingJob job, Policy policy) {
        Optional<List<Example>> test = job.test.map(job.task::examples);
        Corpus found = Corpus.of(job.task, test, validationShare(job, policy), job.testShare, job.splitSeed());
        return job.labels.map(found::labelled).orElse(found);
    }

    /** The share of the rows that chooses among epochs; none where a race has chosen, unless the policy needs it. */
    static double validationShare(TrainingJob job, Policy policy) {
        boolean race = job.strategy == Strategy.AUTO && job.members.isEmpty();
        return race && !policy.needsValidation() ? 0 : job.validationShare;
    }

    /** @throws InputException if a share is to be held out of rows that have test rows beside them */
    static void requireMeant(TrainingJob job) {
        if (job.test.isPresent() && job.testShare != TrainingJob.TEST_SHARE) {
            throw new InputException("--test-share holds rows out where there is no --test; leave one of them out");
        }
    }

    /** @throws InputException if no row is left to choose an epoch or thresholds by, though a share was asked for */
    static void requireHeldOut(TrainingJob job, Policy policy, Corpus corpus) {
        double share = validationShare(job, policy);
        Split split = corpus.split();
        if (share > 0 && split.validation().isEmpty() && Answers.choose(policy, corpus)) {
            boolean thresholds = corpus.target().kind() == TargetKind.MULTI_LABEL;
            throw new InputException("Too few rows to choose " + (thresholds ? "thresholds" : "an epoch") + " by: of "
                    + split.train().size() + " rows, none is left for validation at a share of " + share
                    + " while every label keeps one for training. Add rows, raise --validation-share, "
                    + (thresholds
                            ? "or give 0 for thresholds of 0.5"
                            : "give 0 to keep the last epoch, or take --strategy head, which needs none"));
        }
    }

    /** @throws InputException if a policy that goes by validation rows is to have none */
    static void requireValidation(TrainingJob job, Policy policy) {
        if (job.validationShare == 0 && policy.needsValidation()) {
            throw new InputException("--validation-share must be more than 0 for --strategy " + job.strategy.spelled()
                    + " with --weight-averaging " + policy.weightAveraging().spelled()
                    + ": these rows say how far the weights may go");
        }
    }
}
