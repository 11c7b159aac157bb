package dev.graft.train;

import dev.graft.InputException;
import java.util.List;

/**
 * A head that is solved for rather than trained: logistic regression on the frozen trunk's features, which are brought to
 * length 1 and then scaled by one number.
 *
 * <p>The strength of its regularisation is the one under which cross-validation puts most rows in their class, the lower
 * log loss where two are equal. Once a strength does worse than the one before, higher ones are not tried.
 *
 * @param strengths candidates for the inverse of the penalty, scikit-learn's {@code C}, rising; each more than 0
 * @param folds of the cross-validation, 2 or more; fewer are made where no label has so many rows
 * @param temperature by which the logits of the head that was found are divided, more than 0; 1 leaves them alone. No
 *     text changes its class by it, but training that goes on from there moves the logits less with every step
 */
public record Probe(List<Double> strengths, int folds, double temperature) {
    private static final List<Double> STRENGTHS = List.of(0.01, 0.03, 0.1, 0.3, 1.0);

    /** A probe that is the whole training. */
    public static final Probe UNIT = new Probe(STRENGTHS, 3, 1);

    /** A probe from which training goes on. */
    public static final Probe START = new Probe(STRENGTHS, 3, 3);

    public Probe {
        strengths = List.copyOf(strengths);
        if (strengths.isEmpty() || strengths.stream().anyMatch(strength -> !(strength > 0))) {
            throw new InputException("A probe needs strengths of regularisation, each more than 0, not " + strengths);
        }
        if (folds < 2) {
            throw new InputException("A probe needs 2 folds or more, not " + folds);
        }
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new InputException("A probe needs a temperature above 0, not " + temperature);
        }
    }
}
