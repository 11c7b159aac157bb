package dev.graft.eval;

import java.util.List;

/** A simple classifier that a tuned model has to beat. */
public sealed interface Baseline permits Majority, NgramBaseline {

    /** What people call it, for example {@code majority class}. */
    String name();

    /** A distribution over the classes for each text: [texts, classes], each row's sum 1. */
    float[][] probabilities(List<String> texts);
}
