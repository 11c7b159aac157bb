package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.train.Member;
import dev.graft.train.Pretraining;
import dev.graft.train.Recipe;
import dev.graft.train.Strategy;
import dev.graft.train.TrainingJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which way a training goes. */
final class StrategyOptions {
    private static final int MOST_MINUTES = 100_000;
    private static final int PRETRAIN_EPOCHS = 3;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "How to fine-tune: auto, full, head, layered, gradual, ulmfit, lp-ft, bitfit, lora, dora, ia3,"
                            + " bottleneck, zero-shot or few-shot"
                            + " (default: ${DEFAULT-VALUE}).")
    private String strategy = "";

    @Option(
            names = "--budget",
            paramLabel = "MINUTES",
            description = "What --strategy auto may take to choose and to train (default: 10).")
    private @Nullable Double budget;

    @Option(
            names = "--ensemble",
            paramLabel = "N|NAMES",
            description = "Average several models in one bundle: a number of seeds, or strategies such as head,full.")
    private @Nullable String ensemble;

    @Option(
            names = "--unlabelled",
            paramLabel = "FILE",
            description = "Texts without labels, whose hidden tokens are learned before the strategy: lines in a .txt,"
                    + " else a table.")
    @Nullable
    Path unlabelled;

    @Option(
            names = "--pretrain-epochs",
            paramLabel = "N",
            description = "Passes over the texts of --unlabelled (default: 3).")
    private @Nullable Integer pretrainEpochs;

    Strategy strategy() {
        return Strategy.named(strategy);
    }

    /**
     * Sets what was asked for beside the strategy.
     *
     * @param recipe the numbers under which a strategy trains
     */
    void set(TrainingJob job, Function<Strategy, Recipe> recipe, long seed) {
        if (budget != null && ensemble != null) {
            throw new InputException(
                    "--budget goes with --strategy auto, which --ensemble does not follow; leave one out");
        }
        if (budget != null) {
            job.budget(budget(strategy(), budget));
        }
        pretraining().ifPresent(job::pretraining);
        if (ensemble != null) {
            job.ensemble(Member.parse(ensemble, strategy(), recipe, seed));
        }
    }

    private Optional<Pretraining> pretraining() {
        if (unlabelled == null && pretrainEpochs != null) {
            throw new InputException("--pretrain-epochs goes with --unlabelled, a file of texts to learn from");
        }
        int epochs = pretrainEpochs == null ? PRETRAIN_EPOCHS : pretrainEpochs;
        return Optional.ofNullable(unlabelled).map(file -> Pretraining.on(file, epochs));
    }

    private static Duration budget(Strategy way, double minutes) {
        if (way != Strategy.AUTO) {
            throw new InputException("--budget goes with --strategy auto; --strategy " + way.spelled()
                    + " takes what its --epochs take");
        }
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw new InputException(
                    "--budget must be more than 0 and at most " + MOST_MINUTES + " minutes, not " + minutes);
        }
        return Duration.ofMillis(Math.max(1, Math.round(60_000 * minutes)));
    }
}
