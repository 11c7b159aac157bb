package dev.graft.eval;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.List;

/**
 * Bag of words and pairs of words, weighted by TF-IDF, with a logistic regression for each class against the rest
 * (liblinear's L2-regularised primal solver, which draws no random numbers).
 */
public final class NgramBaseline implements Baseline {
    /** Its name. */
    public static final String NAME = "n-grams + logistic regression";

    /** The inverse of the regularisation's strength: for unit vectors of short texts 10 is close to the best. */
    public static final double C = 10;

    private static final double TOLERANCE = 0.01;
    /** What the weights may take: terms × classes doubles, 160 MB. */
    private static final int MOST_WEIGHTS = 20_000_000;

    static {
        Linear.disableDebugOutput();
    }

    private final TfIdf features;
    private final int[] known;
    private final double[][] weights;
    private final int classes;

    /**
     * @param known the classes that some text has
     * @param weights for each of them its weights against the rest; of two classes the first one's alone
     */
    private NgramBaseline(TfIdf features, int[] known, double[][] weights, int classes) {
        this.features = features;
        this.known = known;
        this.weights = weights;
        this.classes = classes;
    }

    /**
     * Learns from texts and their classes, as many classes at a time as the machine has processors.
     *
     * @param texts the training texts
     * @param expected the class of each text, from 0 to classes - 1; a class that no text has gets the probability 0
     * @param classes how many classes there are
     */
    public static NgramBaseline fit(List<String> texts, int[] expected, int classes) {
        TfIdf features = TfIdf.fit(texts, MOST_WEIGHTS / classes);
        Feature[][] vectors = texts.parallelStream().map(features::vector).toArray(Feature[][]::new);
        int[] known = Arrays.stream(expected).distinct().toArray();
        double[][] weights = Arrays.stream(known, 0, known.length == 2 ? 1 : known.length)
                .parallel()
                .mapToObj(label -> against(vectors, features.size() + 1, expected, label))
                .toArray(double[][]::new);
        return new NgramBaseline(features, known, weights, classes);
    }

    /** The weights of one class against all others. */
    private static double[] against(Feature[][] vectors, int width, int[] expected, int label) {
        var problem = new Problem();
        problem.l = vectors.length;
        problem.n = width;
        problem.bias = 1;
        problem.x = vectors;
        problem.y = Arrays.stream(expected)
                .mapToDouble(own -> own == label ? 1 : -1)
                .toArray();
        return Linear.train(problem, new Parameter(SolverType.L2R_LR, C, TOLERANCE))
                .getFeatureWeights();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return texts.parallelStream().map(this::probabilities).toArray(float[][]::new);
    }

    private float[] probabilities(String text) {
        Feature[] vector = features.vector(text);
        double[] values = new double[known.length];
        for (int i = 0; i < weights.length; i++) {
            double sum = 0;
            for (Feature feature : vector) {
                sum += weights[i][feature.getIndex() - 1] * feature.getValue();
            }
            values[i] = 1 / (1 + Math.exp(-sum));
        }
        if (known.length == 2) {
            values[1] = 1 - values[0];
        }
        double all = Arrays.stream(values).sum();
        float[] row = new float[classes];
        for (int i = 0; i < known.length; i++) {
            row[known[i]] = (float) (values[i] / all);
        }
        return row;
    }
}
