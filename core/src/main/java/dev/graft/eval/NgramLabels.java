package dev.graft.eval;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.ArrayList;
import java.util.List;

/** Bag of words and pairs of words with a logistic regression for each label by itself. */
public final class NgramLabels {
    /** Its name. */
    public static final String NAME = NgramBaseline.NAME;

    private static final double TOLERANCE = 0.01;
    private static final int MOST_TERMS = 200_000;

    private final TfIdf features;
    private final List<Model> models;

    private NgramLabels(TfIdf features, List<Model> models) {
        this.features = features;
        this.models = models;
    }

    /**
     * Learns from texts and their labels.
     *
     * @param has whether a text has a label: [texts, labels]
     */
    public static NgramLabels fit(List<String> texts, boolean[][] has) {
        Linear.disableDebugOutput();
        TfIdf features = TfIdf.fit(texts, MOST_TERMS);
        var problem = new Problem();
        problem.l = texts.size();
        problem.n = features.size() + 1;
        problem.bias = 1;
        problem.x = texts.stream().map(features::vector).toArray(Feature[][]::new);
        List<Model> models = new ArrayList<>();
        for (int label = 0; label < has[0].length; label++) {
            problem.y = new double[problem.l];
            for (int row = 0; row < problem.l; row++) {
                problem.y[row] = has[row][label] ? 1 : 0;
            }
            models.add(Linear.train(problem, new Parameter(SolverType.L2R_LR, NgramBaseline.C, TOLERANCE)));
        }
        return new NgramLabels(features, models);
    }

    /** The probability of each label for each text: [texts, labels]. */
    public float[][] probabilities(List<String> texts) {
        return texts.stream().map(this::probabilities).toArray(float[][]::new);
    }

    private float[] probabilities(String text) {
        Feature[] vector = features.vector(text);
        float[] row = new float[models.size()];
        for (int label = 0; label < row.length; label++) {
            int[] known = models.get(label).getLabels();
            double[] values = new double[known.length];
            Linear.predictProbability(models.get(label), vector, values);
            for (int i = 0; i < known.length; i++) {
                row[label] += known[i] == 1 ? (float) values[i] : 0;
            }
        }
        return row;
    }
}
