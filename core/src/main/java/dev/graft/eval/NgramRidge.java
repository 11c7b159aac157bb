package dev.graft.eval;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.List;

/** Bag of words and pairs of words with a ridge regression of the numbers less their mean. */
public final class NgramRidge {
    /** Its name. */
    public static final String NAME = "n-grams + ridge regression";

    /** liblinear's support vector regression without a margin is ridge regression of penalty 1 / (2 C). */
    private static final double C = 0.5;

    private static final double TOLERANCE = 1e-4;
    private static final double NO_MARGIN = 0;
    private static final int MOST_TERMS = 1_000_000;

    private final TfIdf features;
    private final Model model;
    private final double mean;

    private NgramRidge(TfIdf features, Model model, double mean) {
        this.features = features;
        this.model = model;
        this.mean = mean;
    }

    /** Learns from texts and their numbers, one a text. */
    public static NgramRidge fit(List<String> texts, double[] numbers) {
        Linear.disableDebugOutput();
        TfIdf features = TfIdf.fit(texts, MOST_TERMS);
        double mean = Arrays.stream(numbers).average().orElse(0);
        var problem = new Problem();
        problem.l = texts.size();
        problem.n = features.size() + 1;
        problem.bias = 1;
        problem.x = texts.stream().map(features::vector).toArray(Feature[][]::new);
        problem.y = Arrays.stream(numbers).map(number -> number - mean).toArray();
        Parameter parameter = new Parameter(SolverType.L2R_L2LOSS_SVR, C, TOLERANCE);
        parameter.setP(NO_MARGIN);
        return new NgramRidge(features, Linear.train(problem, parameter), mean);
    }

    /** The number of each text. */
    public double[] numbers(List<String> texts) {
        return texts.stream()
                .mapToDouble(text -> mean + Linear.predict(model, features.vector(text)))
                .toArray();
    }
}
