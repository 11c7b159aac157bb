package dev.graft.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the rows of a class count in the loss. */
public enum ClassWeight {
    /** All the same. */
    NONE,

    /** The less the more there are, so that each class counts the same (scikit-learn's {@code balanced}). */
    BALANCED;

    /**
     * A factor for each class, by which each counts the same.
     *
     * @param classes of the training rows
     */
    static List<Double> balanced(int... classes) {
        long[] counts = new long[Arrays.stream(classes).max().orElse(0) + 1];
        Arrays.stream(classes).forEach(number -> counts[number]++);
        double present = Arrays.stream(counts).filter(count -> count > 0).count();
        return IntStream.range(0, counts.length)
                .mapToObj(number -> counts[number] == 0 ? 1 : classes.length / (present * counts[number]))
                .toList();
    }

    /** What the command line calls so. */
    public static ClassWeight named(String name) {
        return Spelled.named(values(), name, "--class-weight");
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
