package dev.graft.task;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.eval.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What a row's answer is. */
public enum TargetKind {
    /** One label of several. */
    SINGLE_LABEL("text-classification", "single_label_classification", "accuracy", Metric.OF_CLASSES, Softmax::of),
    /** Any number of labels. */
    MULTI_LABEL(
            "multi-label-text-classification",
            "multi_label_classification",
            "micro F1",
            Metric.OF_LABELS,
            TargetKind::sigmoid),
    /** One label of several that have an order; the model's outputs are their log-probabilities. */
    ORDINAL("ordinal-text-classification", "single_label_classification", "kappa", Metric.OF_ORDER, Softmax::of),
    /** A number. */
    REGRESSION("text-regression", "regression", "R²", Metric.OF_NUMBERS, float[]::clone);

    private final String task;
    private final String problemType;
    private final String metric;
    private final List<Metric> metrics;
    private final UnaryOperator<float[]> scores;

    TargetKind(String task, String problemType, String metric, List<Metric> metrics, UnaryOperator<float[]> scores) {
        this.task = task;
        this.problemType = problemType;
        this.metric = metric;
        this.metrics = metrics;
        this.scores = scores;
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name of its task in bundles. */
    public String task() {
        return task;
    }

    /**
     * The kind of a task in a bundle.
     *
     * @throws InputException if it is unknown
     */
    public static TargetKind ofTask(String task) {
        return Arrays.stream(values())
                .filter(kind -> kind.task.equals(task))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no task '" + task + "'; known are "
                        + Arrays.stream(values()).map(TargetKind::task).toList()
                        + ". A newer Graft may know it"));
    }

    /** The {@code problem_type} of Hugging Face's {@code config.json}. */
    public String problemType() {
        return problemType;
    }

    /** The metrics that fit; the first one decides. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** The metric that decides, in short. */
    public String metric() {
        return metric;
    }

    /** What a model's outputs for one row mean: probabilities, or for a regression the number itself. */
    public float[] scores(float[] logits) {
        return scores.apply(logits);
    }

    /** Whether a row has one label. */
    public boolean oneLabel() {
        return this == SINGLE_LABEL || this == ORDINAL;
    }

    /**
     * The kind of a name.
     *
     * @throws InputException if there is none
     */
    public static TargetKind named(String name) {
        List<String> names = Arrays.stream(values()).map(TargetKind::spelled).toList();
        return Arrays.stream(values())
                .filter(kind -> kind.spelled().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no task '" + name + "'; known are "
                        + String.join(", ", names) + Suggestion.text(name, names)));
    }

    private static float[] sigmoid(float[] logits) {
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return probabilities;
    }
}
