package dev.graft.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps values to places along one side of a plot. */
public record Axis(double low, double high, double start, double end) {
    private static final int FEWEST_STEPS = 3;

    /** An axis that holds all values, with some room when they are all the same. */
    public static Axis over(double[] values, double start, double end) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        if (low == high) {
            double room = low == 0 ? 1 : Math.abs(low) / 10;
            return new Axis(low - room, high + room, start, end);
        }
        return new Axis(low, high, start, end);
    }

    /** The place of a value. */
    public double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    /** Round numbers within the axis: steps of 1, 2 or 5 times a power of ten. */
    public List<Double> ticks() {
        double rough = (high - low) / FEWEST_STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = rough >= 5 * power ? 5 * power : rough >= 2 * power ? 2 * power : power;
        var ticks = new ArrayList<Double>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A tick's label: as many digits as it needs. */
    public static String label(double value) {
        if (value != 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) {
            return String.format(Locale.ROOT, "%.1e", value)
                    .replace(".0e", "e")
                    .replace("e-0", "e-")
                    .replace("e+0", "e");
        }
        String fixed = String.format(Locale.ROOT, "%.4f", value);
        return fixed.replaceFirst("\\.?0+$", "");
    }
}
