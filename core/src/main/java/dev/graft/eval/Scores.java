package dev.graft.eval;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good a model's answers are. In JSON each metric stands under scikit-learn's name beside the other components:
 * {@code macro_f1}, {@code log_loss}, ….
 *
 * <p>Classes have {@code accuracy}, {@code balanced_accuracy} (Brodersen et al. 2010), {@code macro_f1},
 * {@code weighted_f1}, {@code mcc} (Gorodkin 2004), {@code log_loss} (natural, probabilities clipped at single precision's
 * epsilon) and {@code calibration_error} (Guo et al. 2017, over 15 bins). Several labels a row have {@code micro_f1},
 * {@code macro_f1}, {@code samples_f1}, {@code subset_accuracy}, {@code hamming_loss} and {@code average_precision}. Ordered
 * classes have {@code quadratic_weighted_kappa} (Cohen 1968), {@code mae}, {@code accuracy}, {@code spearman} and
 * {@code log_loss}. Numbers have {@code r2}, {@code mae}, {@code rmse}, {@code pearson} and {@code spearman}.
 *
 * @param rows how many rows were scored
 * @param metrics by name; the first one decides
 * @param perClass a line for each class, in the order of the labels; empty for numbers
 * @param confusions the pairs of classes that were confused, the most frequent first; of classes alone
 * @param calibration the 15 bins of the reliability diagram; of classes alone
 */
public record Scores(
        int rows,
        Map<String, Estimate> metrics,
        List<ClassScores> perClass,
        List<Confusion> confusions,
        List<CalibrationBin> calibration) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Scores {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        perClass = List.copyOf(perClass);
        confusions = List.copyOf(confusions);
        calibration = List.copyOf(calibration);
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("Scores need a metric");
        }
    }

    /** The metric that decides. */
    public Estimate primary() {
        return metrics.values().iterator().next();
    }

    /**
     * A metric by its name in JSON.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Estimate metric(String name) {
        Estimate estimate = metrics.get(name);
        if (estimate == null) {
            throw new IllegalArgumentException("There is no metric '" + name + "' among " + metrics.keySet());
        }
        return estimate;
    }

    /** The share of rows whose most probable class is the true one. */
    public Estimate accuracy() {
        return metric(Metric.ACCURACY.key());
    }

    /** The mean recall over the classes that are expected at least once. */
    public Estimate balancedAccuracy() {
        return metric(Metric.BALANCED_ACCURACY.key());
    }

    /** The mean F1 over the classes that are expected or predicted at least once. */
    public Estimate macroF1() {
        return metric(Metric.MACRO_F1.key());
    }

    /** The mean F1 weighted by the classes' rows. */
    public Estimate weightedF1() {
        return metric(Metric.WEIGHTED_F1.key());
    }

    /** Matthews' correlation coefficient for many classes, -1 to 1. */
    public Estimate mcc() {
        return metric(Metric.MCC.key());
    }

    /** The mean of -ln(probability of the true class). */
    public Estimate logLoss() {
        return metric(Metric.LOG_LOSS.key());
    }

    /** The expected calibration error over 15 bins of equal width. */
    public Estimate calibrationError() {
        return metric(Metric.CALIBRATION_ERROR.key());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Scores read(ObjectNode json) {
        Map<String, Estimate> metrics = new LinkedHashMap<>();
        json.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                metrics.put(field.getKey(), JSON.convertValue(field.getValue(), Estimate.class));
            }
        });
        return new Scores(
                json.path("rows").asInt(),
                metrics,
                List.of(JSON.convertValue(json.get("per_class"), ClassScores[].class)),
                List.of(JSON.convertValue(json.get("confusions"), Confusion[].class)),
                List.of(JSON.convertValue(json.get("calibration"), CalibrationBin[].class)));
    }

    @JsonValue
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rows", rows);
        json.putAll(metrics);
        json.put("per_class", perClass);
        json.put("confusions", confusions);
        json.put("calibration", calibration);
        return json;
    }
}
