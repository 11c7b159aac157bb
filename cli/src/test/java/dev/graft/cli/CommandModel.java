package dev.graft.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The commands as picocli knows them, for tests of the documents. */
public final class CommandModel {
    private CommandModel() {}

    /** The whole program; nothing of it is run. */
    public static CommandLine graft() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Commands.all(new Console(nowhere, nowhere), new Interruption());
    }

    /** Whether an option is one of those that every command has. */
    public static boolean isCommon(OptionSpec option) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(new CommonOptions())
                        .findOption(option.longestName())
                != null;
    }
}
