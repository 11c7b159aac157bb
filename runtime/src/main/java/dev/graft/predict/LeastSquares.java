package dev.graft.predict;

import java.util.List;

/** Fits the three terms of a {@link CostModel}. */
final class LeastSquares {
    private static final double SINGULAR = 1e-12;

    private LeastSquares() {}

    /**
     * The costs that minimise the sum of squared relative errors.
     *
     * @param chosen bits of the terms that may differ from 0
     * @return three costs, NaN where the timings do not tell the chosen terms apart
     */
    static double[] relative(List<CostModel.Timing> timings, int chosen) {
        int[] columns = java.util.stream.IntStream.range(0, 3)
                .filter(i -> (chosen >> i & 1) == 1)
                .toArray();
        int size = columns.length;
        double[][] system = new double[size][size + 1];
        for (CostModel.Timing timing : timings) {
            double[] terms = CostModel.terms(timing.rows(), timing.length());
            for (int i = 0; i < size; i++) {
                double left = terms[columns[i]] / timing.nanos();
                for (int j = 0; j < size; j++) {
                    system[i][j] += left * terms[columns[j]] / timing.nanos();
                }
                system[i][size] += left;
            }
        }
        double[] solved = solved(system);
        double[] costs = new double[3];
        for (int i = 0; i < size; i++) {
            costs[columns[i]] = solved[i];
        }
        return costs;
    }

    /** Gauss-Jordan elimination of a symmetric positive system, each row [coefficients, right side]. */
    private static double[] solved(double[][] system) {
        int size = system.length;
        double[] diagonal = new double[size];
        for (int i = 0; i < size; i++) {
            diagonal[i] = system[i][i];
        }
        for (int pivot = 0; pivot < size; pivot++) {
            boolean singular = !(Math.abs(system[pivot][pivot]) > SINGULAR * diagonal[pivot]);
            double divisor = singular ? Double.NaN : system[pivot][pivot];
            for (int j = 0; j <= size; j++) {
                system[pivot][j] /= divisor;
            }
            for (int i = 0; i < size; i++) {
                double factor = system[i][pivot];
                for (int j = 0; i != pivot && j <= size; j++) {
                    system[i][j] -= factor * system[pivot][j];
                }
            }
        }
        return java.util.Arrays.stream(system).mapToDouble(row -> row[size]).toArray();
    }
}
