package dev.graft.cli;

import dev.graft.InputException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that stand on a command line. */
final class GivenOptions {
    private GivenOptions() {}

    /**
     * Refuses options that a command would not read.
     *
     * @param read names of those that it reads
     * @param when it reads no others
     */
    static void require(CommandSpec command, Set<String> read, String when) {
        List<String> idle = command.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !read.contains(name))
                .toList();
        if (!idle.isEmpty()) {
            throw new InputException(String.join(", ", idle) + (idle.size() == 1 ? " has" : " have") + " no effect "
                    + when + "; leave " + (idle.size() == 1 ? "it" : "them") + " out");
        }
    }
}
