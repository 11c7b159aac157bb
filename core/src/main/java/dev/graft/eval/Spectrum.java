package dev.graft.eval;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan 2013, 8.5).
 *
 * @param values in no order
 * @param vectors of length 1, one a row, in the order of the values
 */
record Spectrum(double[] values, double[][] vectors) {
    private static final int MOST_SWEEPS = 60;
    /** The share of the largest value below which one counts as 0. */
    private static final double NOTHING = 1e-10;

    private static final double PRECISE = 1e-22;

    /** @param matrix symmetric [width, width]; it is overwritten */
    static Spectrum of(double[][] matrix) {
        int width = matrix.length;
        double[][] vectors = new double[width][width];
        for (int i = 0; i < width; i++) {
            vectors[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && !diagonal(matrix); sweep++) {
            for (int p = 0; p < width - 1; p++) {
                for (int q = p + 1; q < width; q++) {
                    rotate(matrix, vectors, p, q);
                }
            }
        }
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = matrix[i][i];
        }
        return new Spectrum(values, vectors);
    }

    /** The value at or below which one counts as 0. */
    double least() {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return NOTHING * largest;
    }

    /** How far a vector goes along an eigenvector. */
    double along(int number, double[] vector) {
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += vectors[number][i] * vector[i];
        }
        return sum;
    }

    private static boolean diagonal(double[][] matrix) {
        double off = 0;
        double on = 0;
        for (int i = 0; i < matrix.length; i++) {
            on += matrix[i][i] * matrix[i][i];
            for (int j = 0; j < i; j++) {
                off += matrix[i][j] * matrix[i][j];
            }
        }
        return off <= PRECISE * on;
    }

    /** Turns rows and columns p and q so that their common entry is 0. */
    private static void rotate(double[][] matrix, double[][] vectors, int p, int q) {
        double entry = matrix[p][q];
        if (entry == 0) {
            return;
        }
        double slope = (matrix[q][q] - matrix[p][p]) / (2 * entry);
        double tangent = Math.copySign(1, slope) / (Math.abs(slope) + Math.hypot(1, slope));
        double cosine = 1 / Math.hypot(1, tangent);
        double sine = tangent * cosine;
        turn(matrix[p], matrix[q], cosine, sine);
        for (double[] row : matrix) {
            double atP = row[p];
            row[p] = cosine * atP - sine * row[q];
            row[q] = sine * atP + cosine * row[q];
        }
        turn(vectors[p], vectors[q], cosine, sine);
    }

    private static void turn(double[] one, double[] other, double cosine, double sine) {
        for (int i = 0; i < one.length; i++) {
            double value = one[i];
            one[i] = cosine * value - sine * other[i];
            other[i] = sine * value + cosine * other[i];
        }
    }
}
