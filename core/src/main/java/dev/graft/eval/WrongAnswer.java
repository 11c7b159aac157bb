package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A row whose most probable class is not the true one.
 *
 * @param row its number among the predictions, from 0
 * @param text what was classified
 * @param expected the true class
 * @param predicted the class that was answered
 * @param probability how probable the answer was held to be
 */
public record WrongAnswer(int row, String text, String expected, String predicted, double probability)
        implements Mistake {

    /** The wrong answers that were given with the most confidence, the worst first; of equals in the order of the rows. */
    public static List<WrongAnswer> worst(Predictions predictions, List<String> texts, int limit) {
        if (texts.size() != predictions.rows()) {
            throw new IllegalArgumentException(texts.size() + " texts for " + predictions.rows() + " predictions");
        }
        var wrong = new ArrayList<WrongAnswer>();
        for (int row = 0; row < predictions.rows(); row++) {
            int expected = predictions.expected()[row];
            int predicted = predictions.predicted(row);
            if (expected != predicted) {
                wrong.add(new WrongAnswer(
                        row,
                        texts.get(row),
                        predictions.labels().get(expected),
                        predictions.labels().get(predicted),
                        predictions.confidence(row)));
            }
        }
        wrong.sort(Comparator.comparingDouble(WrongAnswer::probability).reversed());
        return List.copyOf(wrong.subList(0, Math.min(limit, wrong.size())));
    }
}
