package dev.graft.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a model says of one text.
 *
 * @param label the most probable label
 * @param probability its probability, 0 to 1
 * @param all every label, the most probable first
 */
public record Answer(String label, double probability, List<LabelProbability> all) {
    public Answer {
        all = List.copyOf(all);
    }

    /** The answer that probabilities in the order of the labels give; ties go to the earlier label. */
    public static Answer of(List<String> labels, float[] probabilities) {
        var all = new ArrayList<LabelProbability>(probabilities.length);
        for (int i = 0; i < probabilities.length; i++) {
            all.add(new LabelProbability(labels.get(i), probabilities[i]));
        }
        all.sort(Comparator.comparingDouble(LabelProbability::probability).reversed());
        return new Answer(all.get(0).label(), all.get(0).probability(), all);
    }
}
