package dev.graft.cli;

import dev.graft.train.Choice;
import dev.graft.train.Warmup;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the learning rate rises and falls, under Hugging Face's names. */
final class ScheduleOptions {
    @Option(
            names = "--lr-scheduler-type",
            paramLabel = "NAME",
            description =
                    "How the rate goes on after its rise: linear, cosine, cosine_with_restarts, polynomial, constant,"
                            + " constant_with_warmup, inverse_sqrt, reduce_lr_on_plateau, one_cycle or slanted_triangular"
                            + " (default: the strategy's; linear for full).")
    private @Nullable String type;

    @Option(
            names = "--lr-scheduler-kwargs",
            paramLabel = "NAME=VALUE,...",
            defaultValue = "",
            description = "Numbers of the schedule, such as num_cycles=3 (default: its usual ones).")
    private String arguments = "";

    @Option(
            names = "--warmup-ratio",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Share of the steps in which the rate rises (default: ${DEFAULT-VALUE}).")
    private double warmupRatio;

    @Option(
            names = "--warmup-steps",
            paramLabel = "N",
            defaultValue = "0",
            description = "Steps in which the rate rises, in place of the share; 0 goes by it"
                    + " (default: ${DEFAULT-VALUE}).")
    private int warmupSteps;

    Warmup warmup() {
        return new Warmup(warmupRatio, warmupSteps);
    }

    /** What was asked for, else the strategy's own. */
    Choice scheduler(Choice usual) {
        return Choice.parse(type == null ? usual.name() : type, arguments, "--lr-scheduler-kwargs");
    }
}
