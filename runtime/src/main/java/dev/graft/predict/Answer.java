package dev.graft.predict;

import dev.graft.task.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a model says of one text.
 *
 * @param label the most probable label; of a model that gives several those that it gives, {@code "; "} between them, or
 *     nothing; of a regression the number
 * @param probability of the label, 0 to 1; of several labels the least of theirs, and without any that none of them is
 *     more probable than it is; of a regression not a number
 * @param all every label, the most probable first; none of a regression
 * @param labels those that are given: one, or of a model that gives several any number
 */
public record Answer(String label, double probability, List<LabelProbability> all, List<String> labels) {
    public Answer {
        all = List.copyOf(all);
        labels = List.copyOf(labels);
    }

    /** The answer that probabilities in the order of the labels give; ties go to the earlier label. */
    public static Answer of(List<String> labels, float[] probabilities) {
        List<LabelProbability> all = falling(labels, probabilities);
        String label = all.get(0).label();
        return new Answer(label, all.get(0).probability(), all, List.of(label));
    }

    /** The answer that a model's outputs mean. */
    public static Answer of(Reading reading, float[] logits) {
        float[] scores = reading.scores(logits);
        return switch (reading.kind()) {
            case SINGLE_LABEL, ORDINAL -> of(reading.labels(), scores);
            case MULTI_LABEL -> several(reading, scores);
            case REGRESSION -> new Answer(Reading.number(scores[0]), Double.NaN, List.of(), List.of());
        };
    }

    private static Answer several(Reading reading, float[] probabilities) {
        List<LabelProbability> all = falling(reading.labels(), probabilities);
        List<LabelProbability> given = all.stream()
                .filter(each -> each.probability()
                        >= reading.thresholds().get(reading.labels().indexOf(each.label())))
                .toList();
        double probability = given.isEmpty()
                ? 1 - all.get(0).probability()
                : given.get(given.size() - 1).probability();
        List<String> labels = given.stream().map(LabelProbability::label).toList();
        return new Answer(String.join("; ", labels), probability, all, labels);
    }

    private static List<LabelProbability> falling(List<String> labels, float[] probabilities) {
        var all = new ArrayList<LabelProbability>(probabilities.length);
        for (int i = 0; i < probabilities.length; i++) {
            all.add(new LabelProbability(labels.get(i), probabilities[i]));
        }
        all.sort(Comparator.comparingDouble(LabelProbability::probability).reversed());
        return all;
    }

    /**
     * The number that a regression gives.
     *
     * @throws IllegalStateException if the model gives labels
     */
    public double number() {
        if (!Double.isNaN(probability)) {
            throw new IllegalStateException("The model gives labels, not numbers: " + label);
        }
        return Double.parseDouble(label);
    }
}
