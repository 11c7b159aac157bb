package dev.graft.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
    @Option(names = "--config", paramLabel = "FILE.yaml", description = "Options from a file; those given here win.")
    @Nullable
    Path config;

    @Option(names = "--print-config", description = "Print the configuration in full and stop.")
    boolean printConfig;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    boolean json;

    @Option(names = "--quiet", description = "Print no progress and no messages.")
    boolean quiet;

    @Option(names = "--verbose", description = "Print stack traces of errors.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
