package dev.graft.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A figure of Graft beside its peer's, round by round.
 *
 * @param what is measured, with its unit
 * @param peer what Graft is compared with
 * @param wanted the ratio that is asked for
 * @param smallerIsBetter whether the ratio is peer by Graft rather than Graft by peer
 * @param graft Graft's figure in each round
 * @param other the peer's figure in each round
 */
record Comparison(
        String what, String peer, String wanted, boolean smallerIsBetter, List<Double> graft, List<Double> other) {
    Comparison {
        graft = List.copyOf(graft);
        other = List.copyOf(other);
    }

    static final String HEADER =
            "| figure | peer | Graft | peer's | ratio (min to max) | asked for |\n" + "|---|---|---|---|---|---|\n";

    /** The median of the rounds' ratios; above 1 is in Graft's favour. */
    double ratio() {
        return median(ratios());
    }

    private List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < graft.size(); i++) {
            double quotient = other.get(i) / graft.get(i);
            ratios.add(smallerIsBetter ? quotient : 1 / quotient);
        }
        return ratios;
    }

    /** A row of a Markdown table. */
    String row() {
        List<Double> ratios = ratios();
        double low = ratios.stream().mapToDouble(r -> r).min().orElse(Double.NaN);
        double high = ratios.stream().mapToDouble(r -> r).max().orElse(Double.NaN);
        String range = ratios.size() > 1 ? String.format(Locale.ROOT, " (%.2f to %.2f)", low, high) : "";
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.2f%s | %s |%n",
                what,
                peer,
                shown(graft),
                shown(other),
                median(ratios),
                range,
                wanted);
    }

    private static String shown(List<Double> rounds) {
        double middle = median(rounds);
        String number = middle >= 100 ? "%.0f" : middle >= 10 ? "%.1f" : "%.3f";
        String all = rounds.stream()
                .map(each -> String.format(Locale.ROOT, number, each))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, number, middle) + (rounds.size() > 1 ? " (" + all + ")" : "");
    }

    /** The middle one, or the mean of the middle two. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
