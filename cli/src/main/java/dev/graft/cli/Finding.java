package dev.graft.cli;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * One thing that {@code graft doctor} looked at.
 *
 * @param what was looked at
 * @param state whether it is as it should be
 * @param text what was found and, where it is not well, what to do
 */
record Finding(String what, State state, String text) {
    /** How well something is. */
    enum State {
        GOOD,
        SLOW,
        BROKEN
    }

    static Finding good(String what, String text) {
        return new Finding(what, State.GOOD, text);
    }

    static Finding slow(String what, String text) {
        return new Finding(what, State.SLOW, text);
    }

    /** What the examination finds; an error in it is a finding too. */
    static Finding trying(String what, Supplier<Finding> examination) {
        try {
            return examination.get();
        } catch (RuntimeException | LinkageError e) {
            return new Finding(what, State.BROKEN, "does not work here: " + e);
        }
    }

    /** The finding as a line for people. */
    String line() {
        return String.format(Locale.ROOT, "%-7s %-13s %s", state.name().toLowerCase(Locale.ROOT), what, text);
    }
}
