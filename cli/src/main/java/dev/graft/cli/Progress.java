package dev.graft.cli;

import java.util.Locale;

/** Shows how far something is: a bar that is redrawn on a terminal, nothing elsewhere. */
final class Progress {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final Console console;
    private final boolean terminal;
    private long start;
    private long drawn;
    private String title = "";
    private long total;

    Progress(Console console) {
        this(console, System.console() != null && System.getenv("TERM") != null);
    }

    Progress(Console console, boolean terminal) {
        this.console = console;
        this.terminal = terminal && !console.isQuiet();
    }

    /** Begins a bar. */
    void begin(String what, long all) {
        title = what;
        total = all;
        start = System.nanoTime();
        drawn = 0;
    }

    /** Moves the bar; the note stands behind it. */
    void at(long done, String unit, String note) {
        long now = System.nanoTime();
        if (!terminal || now - drawn < REDRAW_NANOS && done < total) {
            return;
        }
        drawn = now;
        double seconds = (now - start) / 1e9;
        double rate = seconds > 0 ? done / seconds : 0;
        int filled = (int) (WIDTH * done / Math.max(1, total));
        String left = rate > 0 ? time((total - done) / rate) : "?";
        console.err()
                .printf(
                        Locale.ROOT,
                        "\r%s %s%s %3d %%  %.0f %s/s  %s left  %s\033[K",
                        title,
                        "━".repeat(filled),
                        "─".repeat(WIDTH - filled),
                        100 * done / Math.max(1, total),
                        rate,
                        unit,
                        left,
                        note);
        console.err().flush();
    }

    /** Removes the bar, so that a line can take its place. */
    void end() {
        if (terminal) {
            console.err().print("\r\033[K");
            console.err().flush();
        }
    }

    /** A duration for people: {@code 42 s}, {@code 3:05 min}. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 100 ? whole + " s" : String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
    }
}
