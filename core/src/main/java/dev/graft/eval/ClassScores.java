package dev.graft.eval;

/**
 * How well one class is recognised. A quotient whose denominator is 0 is 0, as in scikit-learn.
 *
 * @param label the class
 * @param precision of the rows predicted as this class, the share that is
 * @param recall of the rows of this class, the share that is predicted so
 * @param f1 the harmonic mean of precision and recall
 * @param support rows of this class
 * @param predicted rows predicted as this class
 * @param correct rows of this class predicted as this class
 */
public record ClassScores(
        String label, double precision, double recall, double f1, int support, int predicted, int correct) {
    static ClassScores of(String label, int support, int predicted, int correct) {
        return new ClassScores(
                label,
                Ratios.ratio(correct, predicted),
                Ratios.ratio(correct, support),
                Ratios.f1(support, predicted, correct),
                support,
                predicted,
                correct);
    }
}
