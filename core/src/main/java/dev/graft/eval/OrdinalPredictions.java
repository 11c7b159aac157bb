package dev.graft.eval;

import java.util.List;

/**
 * What a classifier said about rows whose classes have an order.
 *
 * @param classes in their order, the lowest first
 */
public record OrdinalPredictions(Predictions classes) implements Scorable {
    @Override
    public int rows() {
        return classes.rows();
    }

    @Override
    public boolean sameRows(Scorable other) {
        return other instanceof OrdinalPredictions ordinal && classes.sameRows(ordinal.classes);
    }

    /** How many classes lie between answer and truth, one of them included. */
    @Override
    public double error(int row) {
        return Math.abs(classes.expected()[row] - classes.predicted(row));
    }

    @Override
    public List<WrongAnswer> worst(List<String> texts, int limit) {
        return WrongAnswer.worst(classes, texts, limit);
    }
}
