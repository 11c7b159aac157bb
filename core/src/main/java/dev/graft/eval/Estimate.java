package dev.graft.eval;

/**
 * A measured number with its 95 % interval.
 *
 * @param value measured on all rows
 * @param low the lower end of the interval, at most the value
 * @param high the upper end of the interval, at least the value
 */
public record Estimate(double value, double low, double high) {
    public Estimate {
        if (!(low <= value && value <= high)) {
            throw new IllegalArgumentException(value + " lies outside its interval from " + low + " to " + high);
        }
    }
}
