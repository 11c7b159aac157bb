package dev.graft.cli;

import dev.graft.InputException;
import picocli.CommandLine.Option;

/** The options of commands that compute. */
final class MachineOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads within an operator; 0 takes all processors (default: ${DEFAULT-VALUE}).")
    int threads;

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda",
            defaultValue = "auto",
            description = "Where to compute; this version computes on the CPU only (default: ${DEFAULT-VALUE}).")
    String device = "auto";

    @Option(names = "--offline", description = "Open no network connection.")
    boolean offline;

    /** Refuses a device that this version cannot use: another is never taken in its place. */
    void requireDevice() {
        switch (device) {
            case "auto", "cpu" -> {}
            case "cuda" ->
                throw new InputException("--device cuda is not possible: this version carries no GPU libraries;"
                        + " --device cpu, or leaving the option out, computes on the CPU");
            default -> throw new InputException("--device must be auto, cpu or cuda, not '" + device + "'");
        }
    }

    /** The number of threads to use. */
    int threads() {
        if (threads < 0) {
            throw new InputException("--threads must be 0 or more, not " + threads);
        }
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
