package dev.graft.cli;

import dev.graft.task.TargetKind;
import dev.graft.task.WantedTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a row's answer is. */
final class TargetOptions {
    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "single-label, multi-label, ordinal or regression; else found by the labels.")
    private @Nullable String task;

    @Option(
            names = "--label-separator",
            paramLabel = "SIGN",
            description = "Between several labels of a cell; else a semicolon, bar or comma is found.")
    private @Nullable String separator;

    @Option(
            names = "--order",
            paramLabel = "LABELS",
            description = "For --task ordinal: the labels from the lowest up, commas between them; else numbers.")
    private @Nullable String order;

    WantedTarget wanted() {
        List<String> labels = order == null
                ? List.of()
                : Arrays.stream(order.split(",", -1)).map(String::strip).toList();
        return new WantedTarget(
                Optional.ofNullable(task).map(TargetKind::named), Optional.ofNullable(separator), labels);
    }
}
