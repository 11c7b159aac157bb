package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.data.LabelWords;
import dev.graft.train.FeatureCache;
import dev.graft.train.Graft;
import dev.graft.train.Strategy;
import dev.graft.train.TrainingJob;
import dev.graft.train.TrainingResult;
import dev.graft.train.ZeroShotJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft train}: labelled rows to a tuned model. */
@Command(
        name = "train",
        footer = {"Example: graft train examples/support.csv --output support-model", ""},
        customSynopsis = "graft train DATA [--model NAME|PATH] [--test FILE] [--output DIR] [OPTION]...",
        sortOptions = false,
        description = "Fine-tunes a pretrained model on labelled rows; writes a bundle with scores and a report.")
final class TrainCommand implements Callable<Integer> {
    /** What labels without rows have a use for. */
    private static final Set<String> READ_WITHOUT_ROWS = Set.of(
            "--labels",
            "--strategy",
            "--model",
            "--output",
            "--force",
            "--max-length",
            "--seed",
            "--threads",
            "--device",
            "--offline",
            "--json",
            "--quiet",
            "--verbose",
            "--config",
            "--print-config");

    private final Console console;
    private final Interruption interruption;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(
            paramLabel = "DATA",
            arity = "0..1",
            description = "Labelled rows: CSV, TSV, JSON Lines or Parquet. Only zero-shot with --labels needs none.")
    private @Nullable Path data;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(names = "--output", paramLabel = "DIR", description = "Folder of the bundle; else named after DATA.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace the bundle that stands in the output folder.")
    private boolean force;

    @Option(
            names = "--allow-negative-transfer",
            description = "Write the bundle even if a cheaper way to the same answers is clearly better.")
    private boolean allowNegativeTransfer;

    @Option(names = "--resume", description = "Go on with the same command's interrupted run, if there is one.")
    private boolean resume;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "What a killed run loses at most; 0 keeps every step (default: ${DEFAULT-VALUE}).")
    private int checkpointInterval;

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            defaultValue = "4GB",
            converter = SizeConverter.class,
            description = "What the frozen part computed may take on disk between runs; 0 keeps nothing"
                    + " (default: ${DEFAULT-VALUE}).")
    private long cacheSize;

    @Mixin
    private CommonOptions common = new CommonOptions();

    TrainCommand(Console console, Interruption interruption) {
        this.console = console;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        training.machine.requireDevice();
        Strategy way = training.strategies.strategy();
        if (data == null) {
            return labelsAlone(way);
        }
        TrainingJob job = job(data);
        interruption.listen();
        TrainingResult result = job.interrupted(interruption::requested).run();
        tell(result);
        return 0;
    }

    /** A bundle without rows, which only one strategy makes. */
    private int labelsAlone(Strategy way) {
        if (way != Strategy.ZERO_SHOT || training.labels == null) {
            throw new InputException("Missing required parameter: 'DATA'; only --strategy zero-shot with --labels does"
                    + " without rows");
        }
        if (training.test != null) {
            throw new InputException("--test needs DATA too, from whose rows the baselines learn; to score labels on"
                    + " these rows alone, run graft evaluate on the bundle");
        }
        if (training.strategies.unlabelled != null) {
            throw new InputException("--unlabelled needs DATA too: labels without rows are compared in the space of the"
                    + " encoder as it comes");
        }
        GivenOptions.require(command, READ_WITHOUT_ROWS, "without DATA, where nothing is trained or scored");
        ZeroShotJob job = Graft.zeroShot(LabelWords.read(training.labels))
                .model(training.model)
                .maxLength(training.recipe.maxLength)
                .threads(training.machine.threads())
                .replace(force)
                .hub(training.hub(console))
                .listener(new TrainingProgress(console));
        if (output != null) {
            job.output(folder(output));
        }
        Bundle bundle = job.run();
        if (common.json) {
            console.answer(
                    Json.text(Map.of("bundle", bundle.folder().toString())).stripTrailing());
        } else {
            where(bundle);
        }
        return 0;
    }

    private TrainingJob job(Path data) {
        TrainingJob job = training.job(data, console)
                .checkpointInterval(interval())
                .resume(resume)
                .replace(force)
                .allowNegativeTransfer(allowNegativeTransfer)
                .featureCache(FeatureCache.standard().withBytes(cacheSize));
        if (output != null) {
            job.output(folder(output));
        }
        return job;
    }

    private static Path folder(Path output) {
        if (output.getFileName() == null) {
            throw new InputException("--output must name a folder to be made, not " + output);
        }
        return output;
    }

    private Duration interval() {
        if (checkpointInterval < 0) {
            throw new InputException("--checkpoint-interval must be 0 or more seconds, not " + checkpointInterval);
        }
        return Duration.ofSeconds(checkpointInterval);
    }

    private void tell(TrainingResult result) {
        if (common.json) {
            console.answer(Json.text(TrainingAnswer.of(result)).stripTrailing());
            return;
        }
        console.answer(result.sheet().headline());
        console.answer("");
        console.answer(dev.graft.eval.ScoresText.overview(result.sheet()));
        console.answer(dev.graft.eval.ScoresText.controls(result.sheet()));
        where(result.bundle());
    }

    private void where(Bundle bundle) {
        console.answer("bundle: " + bundle.folder() + "   report: " + bundle.file(Bundle.REPORT));
        if (training.adapters.saveAdapter != null) {
            console.answer("adapter: " + training.adapters.saveAdapter);
        }
        console.answer("next: graft predict " + bundle.folder() + " \"a text of your own\"");
    }
}
