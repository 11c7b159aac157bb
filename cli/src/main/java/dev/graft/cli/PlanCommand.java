package dev.graft.cli;

import dev.graft.GateException;
import dev.graft.bundle.Json;
import dev.graft.train.TrainingPlan;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft plan}: what a training is going to do and to take, without training. */
@Command(
        name = "plan",
        footer = {"Example: graft plan examples/support.csv --strategy full --memory 1GB", ""},
        customSynopsis = "graft plan DATA [--model NAME|PATH] [--memory SIZE] [OPTION of train]...",
        sortOptions = false,
        description = "Says what graft train would do with the same options, and what memory and time it would take;"
                + " trains nothing.")
final class PlanCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "DATA", description = "Labelled rows: CSV, TSV, JSON Lines or Parquet.")
    private @Nullable Path data;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What the training may take, for example 2GB: says what has to change, and ends with exit code"
                            + " 3 if nothing helps.")
    private @Nullable String memory;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    PlanCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        training.machine.requireDevice();
        OptionalLong limit =
                memory == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse("--memory", memory));
        TrainingPlan plan = TrainingPlan.of(training.job(java.util.Objects.requireNonNull(data), console), limit);
        console.answer(common.json ? Json.text(PlanAnswer.of(plan)).stripTrailing() : PlanText.of(plan));
        if (!plan.fits() && plan.change().isEmpty()) {
            throw new GateException(PlanText.refusal(plan));
        }
        return 0;
    }
}
