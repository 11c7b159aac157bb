package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.data.LabelWords;
import dev.graft.data.Table;
import dev.graft.hub.HubSettings;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.task.TextClassification;
import dev.graft.train.Graft;
import dev.graft.train.TrainingJob;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What decides a training: its rows, its model, its way and its numbers. */
final class TrainingOptions {
    @Option(names = "--test", paramLabel = "FILE", description = "Rows to test on; else a share of DATA is held out.")
    @Nullable
    Path test;

    @Option(names = "--text", paramLabel = "COLUMN", description = "Column of the texts; else found by name or shape.")
    private @Nullable String text;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of the labels, or several of 0 and 1: a,b,c; else found by name or shape.")
    private @Nullable String label;

    @Option(
            names = "--max-train-samples",
            paramLabel = "N",
            description = "Hold and use no more than N rows of DATA, drawn by the seed: for files of any size.")
    private @Nullable Integer mostRows;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "All labels, one a line, a tab and a description behind it; else those of the rows.")
    @Nullable
    Path labels;

    @Option(
            names = "--model",
            paramLabel = "NAME|PATH",
            defaultValue = "minilm",
            description = "Pretrained model: see graft models; a path; or hf:owner/name (default: ${DEFAULT-VALUE}).")
    String model = "";

    @Mixin
    StrategyOptions strategies = new StrategyOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--validation-share",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Share of the rows by which the best epoch is chosen (default: ${DEFAULT-VALUE}).")
    private double validationShare;

    @Option(
            names = "--test-share",
            paramLabel = "X",
            defaultValue = "0.2",
            description = "Share of the rows held out without --test (default: ${DEFAULT-VALUE}).")
    private double testShare;

    @Mixin
    RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = "--gradient-checkpointing",
            description = "Compute values once more on the way back rather than keep them: less memory, more time, the"
                    + " same model.")
    private boolean gradientCheckpointing;

    @Mixin
    AdapterParameters adapters = new AdapterParameters();

    @Mixin
    MachineOptions machine = new MachineOptions();

    /** The job that these options ask for; what they find in the rows is said. */
    TrainingJob job(Path data, Console console) {
        TextClassification task = new TextClassification(
                table(data), Optional.ofNullable(text), Optional.ofNullable(label), target.wanted());
        console.say(data + ": " + rows(task.table()) + "; " + task.columns().description() + "; "
                + task.target().description());
        TrainingJob job = Graft.train(task)
                .model(model)
                .strategy(strategies.strategy())
                .recipe(recipe::recipe)
                .precision(recipe.precision())
                .gradientCheckpointing(gradientCheckpointing)
                .shares(validationShare, testShare)
                .seed(seed)
                .threads(machine.threads())
                .frozen(new OrtRuntime(OrtSettings.DEFAULT.withThreads(1)))
                .hub(hub(console))
                .listener(new TrainingProgress(console));
        if (test != null) {
            job.test(Table.read(test));
        }
        adapters.set(job);
        strategies.set(
                job, each -> recipe.recipe(each.recipe(task.table().rows().size())), seed);
        if (labels != null) {
            job.labels(LabelWords.read(labels));
        }
        return job;
    }

    private Table table(Path data) {
        if (mostRows == null) {
            return Table.read(data);
        }
        if (mostRows < 1) {
            throw new InputException("--max-train-samples must be 1 or more, not " + mostRows);
        }
        return Table.drawn(data, mostRows, seed);
    }

    private static String rows(Table table) {
        int held = table.rows().size();
        return held < table.all() ? held + " of " + table.all() + " rows, drawn by the seed" : held + " rows";
    }

    HubSettings hub(Console console) {
        HubSettings settings = HubSettings.fromEnvironment().withListener(new DownloadProgress(console));
        return machine.offline ? settings.withOffline(true) : settings;
    }
}
