package dev.graft.eval;

/** Scores that say of frozen features, without training, how well a head on them would tell classes apart. */
public final class Transferability {
    private Transferability() {}

    /**
     * The logarithm of maximum evidence (You et al. 2021, LogME): how likely the labels are under the best linear model
     * with a Gaussian prior, a row and a class on average. Higher is better.
     *
     * @param features [rows, width]
     * @param labels of the rows, 0 up to {@code classes}
     */
    public static double logMe(float[][] features, int[] labels, int classes) {
        int width = features[0].length;
        double[][] products = new double[width][width];
        double[][] sums = new double[classes][width];
        int[] counts = new int[classes];
        for (int row = 0; row < features.length; row++) {
            add(products, features[row]);
            counts[labels[row]]++;
            for (int j = 0; j < width; j++) {
                sums[labels[row]][j] += features[row][j];
            }
        }
        Spectrum spectrum = Spectrum.of(products);
        double total = 0;
        for (int k = 0; k < classes; k++) {
            total += Evidence.of(spectrum, sums[k], counts[k], features.length);
        }
        return total / classes;
    }

    private static void add(double[][] products, float[] row) {
        for (int i = 0; i < row.length; i++) {
            for (int j = 0; j < row.length; j++) {
                products[i][j] += (double) row[i] * row[j];
            }
        }
    }

    /**
     * The H-score (Bao et al. 2019): how much of the features' spread lies between the classes' means, each direction
     * weighed by the spread along it; 0 up to the number of classes less 1. Higher is better.
     *
     * @param features [rows, width]
     * @param labels of the rows, 0 up to {@code classes}
     */
    public static double hScore(float[][] features, int[] labels, int classes) {
        int width = features[0].length;
        double[] mean = new double[width];
        double[][] means = new double[classes][width];
        int[] counts = new int[classes];
        for (int row = 0; row < features.length; row++) {
            counts[labels[row]]++;
            for (int j = 0; j < width; j++) {
                mean[j] += features[row][j] / (double) features.length;
                means[labels[row]][j] += features[row][j];
            }
        }
        double[][] products = new double[width][width];
        for (float[] row : features) {
            float[] centred = new float[width];
            for (int j = 0; j < width; j++) {
                centred[j] = (float) (row[j] - mean[j]);
            }
            add(products, centred);
        }
        Spectrum spectrum = Spectrum.of(products);
        double least = spectrum.least();
        double score = 0;
        for (int k = 0; k < classes; k++) {
            for (int j = 0; j < width && counts[k] > 0; j++) {
                means[k][j] = means[k][j] / counts[k] - mean[j];
            }
            for (int i = 0; i < width; i++) {
                if (spectrum.values()[i] > least) {
                    double along = spectrum.along(i, means[k]);
                    score += counts[k] * along * along / spectrum.values()[i];
                }
            }
        }
        return score;
    }

    /**
     * The log expected empirical prediction (Nguyen et al. 2020, LEEP): the mean log likelihood of the labels where each
     * class of a source is given the share of labels that it was seen with; 0 at most. Higher is better.
     *
     * @param source what the source's classifier says of the rows: [rows, source classes], each row's sum 1
     * @param labels of the rows, 0 up to {@code classes}
     */
    public static double leep(float[][] source, int[] labels, int classes) {
        int from = source[0].length;
        double[][] joint = new double[from][classes];
        double[] marginal = new double[from];
        for (int row = 0; row < source.length; row++) {
            for (int z = 0; z < from; z++) {
                joint[z][labels[row]] += source[row][z];
                marginal[z] += source[row][z];
            }
        }
        double sum = 0;
        for (int row = 0; row < source.length; row++) {
            double expected = 0;
            for (int z = 0; z < from; z++) {
                expected += marginal[z] > 0 ? source[row][z] * joint[z][labels[row]] / marginal[z] : 0;
            }
            sum += Math.log(Math.max(expected, Double.MIN_NORMAL));
        }
        return sum / source.length;
    }
}
