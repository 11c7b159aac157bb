package dev.graft.eval;

/** The evidence of a linear model with a Gaussian prior for one class against the rest (MacKay 1992). */
final class Evidence {
    private static final int STEPS = 11;
    private static final double SMALL = 1e-5;
    private static final double STILL = 1e-3;

    private final int rows;
    private final double[] strength;
    private final double[] explained;
    private final double left;
    private double size;
    private double fit;
    private double alpha = 1;
    private double beta = 1;

    private Evidence(Spectrum spectrum, double[] sum, int count, int rows) {
        this.rows = rows;
        this.strength = new double[sum.length];
        this.explained = new double[sum.length];
        double unexplained = count;
        for (int i = 0; i < sum.length; i++) {
            strength[i] = Math.max(0, spectrum.values()[i]);
            if (strength[i] > spectrum.least()) {
                double along = spectrum.along(i, sum);
                explained[i] = along * along / strength[i];
                unexplained -= explained[i];
            }
        }
        this.left = Math.max(0, unexplained);
    }

    /**
     * The logarithm of the evidence, a row on average.
     *
     * @param spectrum of the features' products
     * @param sum of the features of the class's rows
     * @param count of the class's rows
     */
    static double of(Spectrum spectrum, double[] sum, int count, int rows) {
        Evidence evidence = new Evidence(spectrum, sum, count, rows);
        double ratio = 0;
        for (int step = 0; step < STEPS && Math.abs(evidence.alpha / evidence.beta - ratio) > STILL * ratio; step++) {
            ratio = evidence.alpha / evidence.beta;
            evidence.step(ratio);
        }
        return evidence.value();
    }

    /** One step of the fixed point for the precisions of weights (alpha) and noise (beta). */
    private void step(double ratio) {
        double used = 0;
        size = 0;
        fit = left;
        for (int i = 0; i < strength.length; i++) {
            double damped = strength[i] + ratio;
            used += strength[i] / damped;
            size += strength[i] * explained[i] / (damped * damped);
            fit += explained[i] * ratio * ratio / (damped * damped);
        }
        alpha = used / (size + SMALL);
        beta = (rows - used) / (fit + SMALL);
    }

    private double value() {
        double volume = 0;
        for (double each : strength) {
            volume += Math.log(alpha + beta * each);
        }
        double total = strength.length * Math.log(alpha)
                + rows * Math.log(beta)
                - volume
                - beta * fit
                - alpha * size
                - rows * Math.log(2 * Math.PI);
        return total / 2 / rows;
    }
}
