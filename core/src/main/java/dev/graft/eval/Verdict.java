package dev.graft.eval;

/** What a comparison shows about the first of two classifiers. */
public enum Verdict {
    /** The whole interval of the difference lies above 0. */
    BETTER,
    /** The interval of the difference holds 0. */
    WITHIN_NOISE,
    /** The whole interval of the difference lies below 0. */
    WORSE
}
