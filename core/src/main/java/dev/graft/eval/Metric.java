package dev.graft.eval;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An overall metric.
 *
 * @param key its name in JSON
 * @param name as people see it
 */
public record Metric(String key, String name, boolean higherIsBetter) {
    public static final Metric ACCURACY = new Metric("accuracy", "accuracy", true);
    static final Metric BALANCED_ACCURACY = new Metric("balanced_accuracy", "balanced accuracy", true);
    static final Metric MACRO_F1 = new Metric("macro_f1", "macro F1", true);
    static final Metric WEIGHTED_F1 = new Metric("weighted_f1", "weighted F1", true);
    static final Metric MCC = new Metric("mcc", "MCC", true);
    static final Metric LOG_LOSS = new Metric("log_loss", "log loss", false);
    static final Metric CALIBRATION_ERROR = new Metric("calibration_error", "calibration error", false);
    static final Metric MICRO_F1 = new Metric("micro_f1", "micro F1", true);
    static final Metric SAMPLES_F1 = new Metric("samples_f1", "samples F1", true);
    static final Metric SUBSET_ACCURACY = new Metric("subset_accuracy", "subset accuracy", true);
    static final Metric HAMMING = new Metric("hamming_loss", "Hamming loss", false);
    static final Metric AVERAGE_PRECISION = new Metric("average_precision", "average precision", true);
    static final Metric KAPPA = new Metric("quadratic_weighted_kappa", "quadratic weighted kappa", true);
    static final Metric MAE = new Metric("mae", "mean absolute error", false);
    static final Metric SPEARMAN = new Metric("spearman", "Spearman correlation", true);
    static final Metric R2 = new Metric("r2", "R²", true);
    static final Metric RMSE = new Metric("rmse", "root mean squared error", false);
    static final Metric PEARSON = new Metric("pearson", "Pearson correlation", true);

    /** The metrics of answers of one label a row; the first one decides, here and in the lists that follow. */
    public static final List<Metric> OF_CLASSES =
            List.of(ACCURACY, BALANCED_ACCURACY, MACRO_F1, WEIGHTED_F1, MCC, LOG_LOSS, CALIBRATION_ERROR);

    /** The metrics of answers of several labels a row. */
    public static final List<Metric> OF_LABELS =
            List.of(MICRO_F1, MACRO_F1, SAMPLES_F1, SUBSET_ACCURACY, HAMMING, AVERAGE_PRECISION);

    /** The metrics of answers of one label a row, where labels have an order. */
    public static final List<Metric> OF_ORDER = List.of(KAPPA, MAE, ACCURACY, SPEARMAN, LOG_LOSS);

    /** The metrics of numbers. */
    public static final List<Metric> OF_NUMBERS = List.of(R2, MAE, RMSE, PEARSON, SPEARMAN);

    /** The metrics of some scores, in their order. */
    static List<Metric> of(Scores scores) {
        return scores.metrics().keySet().stream().map(Metric::named).toList();
    }

    /** The metric that decides. */
    static Metric primary(Scores scores) {
        return of(scores).get(0);
    }

    /** The metric of a name in JSON; one that is not known is taken for one of which more is better. */
    public static Metric named(String key) {
        return Stream.of(OF_CLASSES, OF_LABELS, OF_ORDER, OF_NUMBERS)
                .flatMap(List::stream)
                .filter(metric -> metric.key().equals(key))
                .findFirst()
                .orElse(new Metric(key, key, true));
    }

    /** A number with three decimals; what rounds to zero has no sign. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.equals("-0.000") ? "0.000" : text;
    }

    /** An interval as {@code 0.901 to 0.932}. */
    static String interval(Estimate estimate) {
        return number(estimate.low()) + " to " + number(estimate.high());
    }
}
