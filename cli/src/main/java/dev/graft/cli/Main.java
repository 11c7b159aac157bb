package dev.graft.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Where the {@code graft} program begins. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    /**
     * Runs a command in this process.
     *
     * @param out takes answers
     * @param err takes progress and messages
     * @return 0 done, 1 the run failed, 2 the user's input is wrong, 3 a gate said no, 130 interrupted
     */
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(out, err);
        Interruption interruption = new Interruption();
        CommandLine commands = Commands.all(console, interruption);
        Errors errors = new Errors(console, List.of(arguments).contains("--verbose"));
        commands.setExecutionExceptionHandler(errors).setParameterExceptionHandler(errors);
        try {
            Configuration.apply(commands, arguments);
            return commands.execute(arguments);
        } catch (RuntimeException | OutOfMemoryError e) {
            return errors.tell(e);
        } finally {
            interruption.done();
        }
    }
}
