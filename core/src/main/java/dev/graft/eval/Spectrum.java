package dev.graft.eval;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix that has no value below 0, by one-sided rotations (Hestenes 1958;
 * Golub and Van Loan 2013, 8.6.3): rows are turned against each other until all are at right angles, which is all that is
 * read and written.
 *
 * @param values in no order
 * @param vectors of length 1, one a row, in the order of the values
 */
record Spectrum(double[] values, double[][] vectors) {
    private static final int MOST_SWEEPS = 60;
    /** The share of the largest value below which one counts as 0. */
    private static final double NOTHING = 1e-10;

    /** The cosine below which two rows count as at right angles. */
    private static final double RIGHT_ANGLE = 1e-12;

    /** @param matrix symmetric [width, width]; it is overwritten */
    static Spectrum of(double[][] matrix) {
        int width = matrix.length;
        double[][] vectors = new double[width][width];
        double[] squares = new double[width];
        double least = 0;
        for (int i = 0; i < width; i++) {
            vectors[i][i] = 1;
            squares[i] = dot(matrix[i], matrix[i]);
            least += NOTHING * NOTHING * squares[i];
        }
        boolean turned = true;
        for (int sweep = 0; sweep < MOST_SWEEPS && turned; sweep++) {
            turned = false;
            for (int p = 0; p < width - 1; p++) {
                for (int q = p + 1; q < width; q++) {
                    turned |= turn(matrix, vectors, squares, p, q, least);
                }
            }
        }
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = dot(matrix[i], vectors[i]);
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
        return dot(vectors[number], vector);
    }

    /** Turns rows p and q to a right angle, unless they are at one; rows whose square is below the least count as that. */
    private static boolean turn(double[][] matrix, double[][] vectors, double[] squares, int p, int q, double least) {
        double product = dot(matrix[p], matrix[q]);
        double bound = RIGHT_ANGLE * Math.sqrt(Math.max(squares[p], least) * Math.max(squares[q], least));
        if (Math.abs(product) <= bound) {
            return false;
        }
        double slope = (squares[q] - squares[p]) / (2 * product);
        double tangent = Math.copySign(1, slope) / (Math.abs(slope) + Math.hypot(1, slope));
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        turn(matrix[p], matrix[q], cosine, tangent * cosine);
        turn(vectors[p], vectors[q], cosine, tangent * cosine);
        squares[p] = dot(matrix[p], matrix[p]);
        squares[q] = dot(matrix[q], matrix[q]);
        return true;
    }

    private static void turn(double[] one, double[] other, double cosine, double sine) {
        for (int i = 0; i < one.length; i++) {
            double value = one[i];
            one[i] = cosine * value - sine * other[i];
            other[i] = sine * value + cosine * other[i];
        }
    }

    /** Four sums side by side: one alone would wait for each addition to end before the next. */
    private static double dot(double[] a, double[] b) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int whole = a.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        for (int i = whole; i < a.length; i++) {
            first += a[i] * b[i];
        }
        return first + second + (third + fourth);
    }
}
