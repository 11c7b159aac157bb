package dev.graft.cli;

import picocli.CommandLine.Option;

/** The options of commands that compute. */
final class MachineOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads within an operator; 0 takes all processors (default: ${DEFAULT-VALUE}).")
    int threads;

    @Option(names = "--offline", description = "Open no network connection.")
    boolean offline;

    /** The number of threads to use. */
    int threads() {
        if (threads < 0) {
            throw new dev.graft.InputException("--threads must be 0 or more, not " + threads);
        }
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
