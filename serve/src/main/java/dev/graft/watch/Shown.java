package dev.graft.watch;

import java.util.Locale;

/** Figures as people read them; a dash where there is none. */
final class Shown {
    private static final String NONE = "–";
    private static final double ROUNDED = 1e-9;

    private Shown() {}

    /** A count or a rate: one decimal below ten, none from there on. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        boolean whole = Math.abs(value - Math.rint(value)) < ROUNDED;
        return !whole && Math.abs(value) < 9.95
                ? String.format(Locale.ROOT, "%.1f", value)
                : String.format(Locale.ROOT, "%,d", Math.round(value)).replace(',', '\u202f');
    }

    /** A duration. */
    static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return NONE;
        }
        return seconds < 0.9995 ? number(seconds * 1_000) + " ms" : number(seconds) + " s";
    }

    /** A share of one, in percent. */
    static String percent(double share) {
        return Double.isNaN(share) ? NONE : number(share * 100) + " %";
    }

    /** How long something has lasted, in its largest unit. */
    static String ago(java.time.Duration time) {
        if (time.toMinutes() < 2) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 2) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }

    /** A value of a rule's figure. */
    static String figure(Rule rule, double value) {
        return switch (rule.figure()) {
            case P50, P99 -> time(value);
            case ERROR_SHARE -> percent(value);
            case QUEUE_GROWTH -> Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%+.1f / s", value);
        };
    }
}
