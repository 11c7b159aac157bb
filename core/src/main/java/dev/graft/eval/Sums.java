package dev.graft.eval;

import java.util.List;

/** Running sums over drawn rows from which metrics follow; a row may be drawn more than once. */
interface Sums {
    /** The metrics, in the order of the values; the first one decides. */
    List<Metric> metrics();

    void clear();

    void add(int row);

    /** The metrics of the rows that were added. */
    double[] values();

    /** The first of the values. */
    double primary();

    /** Empty sums for answers of any kind. */
    static Sums of(Scorable answers) {
        if (answers instanceof LabelPredictions labels) {
            return new LabelSums(labels);
        } else if (answers instanceof NumberPredictions numbers) {
            return new NumberSums(numbers);
        } else if (answers instanceof OrdinalPredictions ordinal) {
            return new OrdinalSums(ordinal.classes());
        } else if (answers instanceof Predictions classes) {
            return new Tally(classes);
        }
        throw new IllegalArgumentException("Unknown answers " + answers);
    }
}
