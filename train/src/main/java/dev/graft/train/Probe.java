package dev.graft.train;

import dev.graft.InputException;
import java.util.List;

/**
 * A head that is solved for rather than trained: logistic regression on the frozen trunk's standardised features.
 *
 * <p>The strength of its regularisation is the one under which cross-validation puts most rows in their class, the lower
 * log loss where two are equal. Once a strength does worse than the one before, higher ones are not tried.
 *
 * @param strengths candidates for the inverse of the penalty, scikit-learn's {@code C}, rising; each more than 0
 * @param folds of the cross-validation, 2 or more; fewer are made where no label has so many rows
 */
public record Probe(List<Double> strengths, int folds) {
    /** The usual probe. */
    public static final Probe STANDARD = new Probe(List.of(0.01, 0.03, 0.1, 0.3, 1.0), 3);

    public Probe {
        strengths = List.copyOf(strengths);
        if (strengths.isEmpty() || strengths.stream().anyMatch(strength -> !(strength > 0))) {
            throw new InputException("A probe needs strengths of regularisation, each more than 0, not " + strengths);
        }
        if (folds < 2) {
            throw new InputException("A probe needs 2 folds or more, not " + folds);
        }
    }
}
