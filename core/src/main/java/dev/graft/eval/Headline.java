package dev.graft.eval;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/** The sentence that a summary begins with. */
final class Headline {
    private Headline() {}

    /** Says how the model stands beside the best baseline. */
    static String of(Scores tuned, Map<String, Scores> baselines, Map<String, Comparison> comparisons) {
        String accuracy = reached(tuned) + " on " + tuned.rows() + (tuned.rows() == 1 ? " row" : " rows");
        return baselines.entrySet().stream()
                .max(Comparator.comparingDouble(
                        entry -> entry.getValue().primary().value()))
                .map(best -> against(accuracy, best, comparison(comparisons, best.getKey())))
                .orElse("The tuned model reaches " + accuracy + ".");
    }

    private static Comparison comparison(Map<String, Comparison> comparisons, String name) {
        Comparison comparison = comparisons.get(name);
        if (comparison == null) {
            throw new IllegalArgumentException("No comparison with the baseline '" + name + "'");
        }
        return comparison;
    }

    private static String against(String accuracy, Map.Entry<String, Scores> best, Comparison comparison) {
        String baseline = "the baseline (" + best.getKey() + ", " + value(best.getValue()) + ")";
        String difference = "difference " + points(comparison.difference());
        return switch (comparison.verdict()) {
            case BETTER -> "The tuned model reaches " + accuracy + " and beats " + baseline + ": " + difference + ".";
            case WITHIN_NOISE ->
                "The tuned model does not beat " + baseline + " by more than the noise: " + accuracy + ", " + difference
                        + ".";
            case WORSE -> "The tuned model is worse than " + baseline + ": " + accuracy + ", " + difference + ".";
        };
    }

    private static String reached(Scores scores) {
        Metric metric = Metric.primary(scores);
        return metric.equals(Metric.ACCURACY)
                ? value(scores) + " accuracy"
                : (metric.equals(Metric.R2) ? "an " : "a ") + metric.name() + " of " + value(scores);
    }

    private static String value(Scores scores) {
        double value = scores.primary().value();
        return Metric.primary(scores).equals(Metric.ACCURACY) ? percent(value) : Metric.number(value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A difference in points with its interval. */
    static String points(Estimate difference) {
        return String.format(
                Locale.ROOT,
                "%+.1f points, 95 %% interval %+.1f to %+.1f",
                100 * difference.value(),
                100 * difference.low(),
                100 * difference.high());
    }
}
