package dev.graft.train;

import java.util.Arrays;

/**
 * How many tokens the texts of some rows have, cut as the training cuts them.
 *
 * @param median half of the texts have no more
 * @param percentile95 of a hundred texts 95 have no more
 * @param longest of all
 */
public record Lengths(int median, int percentile95, int longest) {
    static Lengths of(int[] lengths) {
        int[] sorted = Arrays.stream(lengths).sorted().toArray();
        return new Lengths(at(sorted, 0.5), at(sorted, 0.95), at(sorted, 1));
    }

    private static int at(int[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
