package dev.graft.train;

import dev.graft.eval.Scorable;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All rows of a run.
 *
 * @param rows that are learned
 * @param validation by which the best epoch is chosen
 * @param test that are scored at the end
 * @param names of the labels as rows; may have none
 */
record Parts(TextRows rows, TextRows validation, TextRows test, TextRows names) {
    /** All of them, as a frozen prefix is computed over. */
    List<Rows> all() {
        return List.of(rows, validation, test, names);
    }

    /** Those of which outputs are needed to read them: the test rows, and where thresholds are chosen the validation rows. */
    List<TextRows> read() {
        return test.target().kind() == TargetKind.MULTI_LABEL ? List.of(validation, test) : List.of(test);
    }

    /** How outputs are read; the thresholds of several labels are those that are best on the validation rows. */
    Reading reading(Function<TextRows, float[][]> logits) {
        TargetKind kind = test.target().kind();
        return readingOf(
                rows -> Arrays.stream(logits.apply(rows)).map(kind::scores).toArray(float[][]::new));
    }

    /** The answers to the test rows that the outputs of a model mean. */
    Scorable said(Function<TextRows, float[][]> logits) {
        return reading(logits).scorable(test.truth(), logits.apply(test));
    }

    /** The answers to the test rows that probabilities or numbers mean. */
    Scorable scored(Function<TextRows, float[][]> scores) {
        return readingOf(scores).scored(test.truth(), scores.apply(test));
    }

    private Reading readingOf(Function<TextRows, float[][]> scores) {
        TargetKind kind = test.target().kind();
        List<String> labels = test.labelSet().names();
        return kind == TargetKind.MULTI_LABEL
                ? Reading.tuned(kind, labels, validation.truth(), scores.apply(validation))
                : Reading.of(kind, labels, Map.of());
    }
}
