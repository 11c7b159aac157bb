package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Suggestion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells errors in one message; a stack trace reaches only those who say {@code --verbose}. */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Pattern UNKNOWN_SUBCOMMAND = Pattern.compile("Unknown subcommand '(.*)'\\.");

    private final Console console;
    private final boolean verbose;

    Errors(Console console, boolean verbose) {
        this.console = console;
        this.verbose = verbose;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult result) {
        return tell(exception);
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        console.err().println("graft: " + parseMessage(exception, command));
        console.err().println("'" + command.getCommandSpec().qualifiedName() + " --help' shows what it takes.");
        return 2;
    }

    /** Tells an error and says which exit code it means. */
    int tell(Throwable error) {
        if (verbose) {
            error.printStackTrace(console.err());
        }
        if (error instanceof GraftException known) {
            console.err().println("graft: " + known.getMessage());
            return known.exitCode();
        }
        if (error instanceof OutOfMemoryError) {
            console.err()
                    .println("graft: the memory does not suffice (" + error.getMessage() + "); try a smaller"
                            + " --batch-size or --max-length, train on fewer rows with --max-train-samples, or give Java"
                            + " more with GRAFT_JAVA_OPTIONS=-Xmx8g");
            return 1;
        }
        console.err()
                .println("graft: this should not have happened: " + error + (verbose ? "" : "; --verbose shows where"));
        return 1;
    }

    private static String parseMessage(ParameterException exception, CommandLine command) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return plain(String.valueOf(exception.getMessage()), command);
        }
        String first = unmatched.getUnmatched().get(0);
        boolean option = first.startsWith("-");
        List<String> known = option
                ? command.getCommandSpec().options().stream()
                        .map(o -> o.longestName())
                        .toList()
                : List.copyOf(command.getSubcommands().keySet());
        if (option || known.isEmpty()) {
            return (option ? "unknown option '" : "unknown argument '") + first + "'" + Suggestion.text(first, known);
        }
        return unknownCommand(first, known);
    }

    private static String unknownCommand(String name, List<String> known) {
        return "there is no command '" + name + "'; known are " + String.join(", ", known)
                + Suggestion.text(name, known);
    }

    /** Picocli's message in words that are no programmer's. */
    private static String plain(String message, CommandLine command) {
        Matcher subcommand = UNKNOWN_SUBCOMMAND.matcher(message);
        if (subcommand.matches()) {
            return unknownCommand(
                    subcommand.group(1), List.copyOf(command.getSubcommands().keySet()));
        }
        return message.replaceFirst(" is not an? (int|long)$", " is not a whole number that fits")
                .replaceFirst(" is not a (double|float)$", " is not a number");
    }
}
