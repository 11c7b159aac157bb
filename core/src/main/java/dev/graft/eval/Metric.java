package dev.graft.eval;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** An overall metric as people see it. */
record Metric(String name, boolean higherIsBetter, Function<Scores, Estimate> of) {
    static final List<Metric> ALL = List.of(
            new Metric("accuracy", true, Scores::accuracy),
            new Metric("macro F1", true, Scores::macroF1),
            new Metric("weighted F1", true, Scores::weightedF1),
            new Metric("MCC", true, Scores::mcc),
            new Metric("log loss", false, Scores::logLoss),
            new Metric("calibration error", false, Scores::calibrationError));

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
