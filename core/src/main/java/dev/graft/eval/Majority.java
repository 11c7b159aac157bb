package dev.graft.eval;

import java.util.Arrays;
import java.util.List;

/**
 * Answers every text with the shares of the classes in the training rows, so the most frequent class wins: scikit-learn's
 * {@code DummyClassifier(strategy="prior")}.
 */
public final class Majority implements Baseline {
    private final float[] shares;

    private Majority(float[] shares) {
        this.shares = shares;
    }

    /**
     * Counts the classes.
     *
     * @param texts the training texts, which this baseline does not look at
     * @param expected the class of each text, from 0 to classes - 1
     * @param classes how many classes there are
     */
    public static Majority fit(List<String> texts, int[] expected, int classes) {
        int[] counts = new int[classes];
        for (int label : expected) {
            counts[label]++;
        }
        float[] shares = new float[classes];
        for (int i = 0; i < classes; i++) {
            shares[i] = (float) counts[i] / texts.size();
        }
        return new Majority(shares);
    }

    @Override
    public String name() {
        return "majority class";
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        float[][] rows = new float[texts.size()][];
        Arrays.setAll(rows, row -> shares.clone());
        return rows;
    }
}
