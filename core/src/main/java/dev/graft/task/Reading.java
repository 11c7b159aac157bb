package dev.graft.task;

import dev.graft.eval.LabelPredictions;
import dev.graft.eval.NumberPredictions;
import dev.graft.eval.OrdinalPredictions;
import dev.graft.eval.Predictions;
import dev.graft.eval.Scorable;
import dev.graft.eval.Thresholds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model's outputs are read.
 *
 * @param labels in the order of the outputs; for a regression the name of the number
 * @param thresholds the least probability at which one of several labels is answered, one a label
 */
public record Reading(TargetKind kind, List<String> labels, List<Double> thresholds) {
    public Reading {
        labels = List.copyOf(labels);
        thresholds = List.copyOf(thresholds);
        if (labels.size() != thresholds.size()) {
            throw new IllegalArgumentException(thresholds.size() + " thresholds for " + labels.size() + " labels");
        }
    }

    /** A reading with the thresholds of some labels; the others have a half. */
    public static Reading of(TargetKind kind, List<String> labels, Map<String, Double> thresholds) {
        return new Reading(
                kind,
                labels,
                labels.stream()
                        .map(label -> thresholds.getOrDefault(label, Thresholds.HALF))
                        .toList());
    }

    /**
     * The reading under the thresholds that are best on some rows; where a row has one answer there are none to choose.
     *
     * @param scores probabilities, or numbers: [rows, outputs]
     */
    public static Reading tuned(TargetKind kind, List<String> labels, Truth truth, float[][] scores) {
        if (kind == TargetKind.MULTI_LABEL && truth instanceof Truth.Sets sets) {
            return new Reading(kind, labels, Thresholds.tuned(scores, sets.has(), labels.size()));
        }
        return of(kind, labels, Map.of());
    }

    /** What the outputs of one row mean: probabilities, or the number itself. */
    public float[] scores(float[] logits) {
        return kind.scores(logits);
    }

    /** The outputs of rows beside their truth. */
    public Scorable scorable(Truth truth, float[][] logits) {
        return scored(truth, Arrays.stream(logits).map(kind::scores).toArray(float[][]::new));
    }

    /** What was said of rows, as probabilities or numbers, beside their truth. */
    public Scorable scored(Truth truth, float[][] scores) {
        if (truth instanceof Truth.Sets sets) {
            return new LabelPredictions(labels, sets.has(), scores, thresholds);
        } else if (truth instanceof Truth.Numbers numbers) {
            double[] said = Arrays.stream(scores).mapToDouble(row -> row[0]).toArray();
            return new NumberPredictions(numbers.values(), said);
        }
        Predictions classes = new Predictions(labels, ((Truth.Classes) truth).numbers(), scores);
        return kind == TargetKind.ORDINAL ? new OrdinalPredictions(classes) : classes;
    }

    /** The thresholds by label, for rows with several labels; else none. */
    public Map<String, Double> thresholdsByLabel() {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < labels.size() && kind == TargetKind.MULTI_LABEL; i++) {
            all.put(labels.get(i), thresholds.get(i));
        }
        return all;
    }

    /** A number as people read it. */
    public static String number(double value) {
        return NumberPredictions.shown(value);
    }
}
