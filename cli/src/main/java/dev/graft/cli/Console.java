package dev.graft.cli;

import java.io.PrintStream;

/** Answers on standard output, everything else on standard error. */
final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private boolean quiet;

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    void beQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    boolean isQuiet() {
        return quiet;
    }

    /** Where answers go. */
    PrintStream out() {
        return out;
    }

    /** Where messages go. */
    PrintStream err() {
        return err;
    }

    /** Prints an answer. */
    void answer(String text) {
        out.println(text);
    }

    /** Prints a message unless the user asked for silence. */
    void say(String text) {
        if (!quiet) {
            err.println(text);
        }
    }

    /** Prints a warning, also to those who asked for silence. */
    void warn(String text) {
        err.println("warning: " + text);
    }
}
