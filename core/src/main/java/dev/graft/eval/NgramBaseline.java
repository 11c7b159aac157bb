package dev.graft.eval;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
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
    private final Model model;
    private final int classes;

    private NgramBaseline(TfIdf features, Model model, int classes) {
        this.features = features;
        this.model = model;
        this.classes = classes;
    }

    /**
     * Learns from texts and their classes.
     *
     * @param texts the training texts
     * @param expected the class of each text, from 0 to classes - 1; a class that no text has gets the probability 0
     * @param classes how many classes there are
     */
    public static NgramBaseline fit(List<String> texts, int[] expected, int classes) {
        TfIdf features = TfIdf.fit(texts, MOST_WEIGHTS / classes);
        var problem = new Problem();
        problem.l = texts.size();
        problem.n = features.size() + 1;
        problem.bias = 1;
        problem.x = texts.stream().map(features::vector).toArray(Feature[][]::new);
        problem.y = Arrays.stream(expected).asDoubleStream().toArray();
        Model model = Linear.train(problem, new Parameter(SolverType.L2R_LR, C, TOLERANCE));
        return new NgramBaseline(features, model, classes);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return texts.stream().map(this::probabilities).toArray(float[][]::new);
    }

    private float[] probabilities(String text) {
        int[] known = model.getLabels();
        double[] values = new double[known.length];
        Linear.predictProbability(model, features.vector(text), values);
        float[] row = new float[classes];
        for (int i = 0; i < known.length; i++) {
            row[known[i]] = (float) values[i];
        }
        return row;
    }
}
