package dev.graft.graph;

import java.util.List;

/**
 * Which nodes or weights of a graph are meant: the one language for freezing, learning rates, decay, pruning and
 * quantisation.
 *
 * <p>A selector is data: it is equal to one that says the same, and {@link #parse} reads what {@link #toString} writes,
 * for example {@code and(depth(1..6), not(norms))}. Patterns may hold {@code *} for anything within a part of a path and
 * {@code **} for anything.
 */
public sealed interface Selector permits Selectors.Kind {
    /** Whether a node or weight is meant. */
    boolean selects(Site site);

    /** Everything. */
    static Selector all() {
        return new Selectors.All();
    }

    /** Nothing. */
    static Selector none() {
        return not(all());
    }

    /** Nodes of an operator, and weights that such a node reads. */
    static Selector operator(String operator) {
        return new Selectors.Operator(operator);
    }

    /** What lies in a scope or within it; a weight lies where it is read. */
    static Selector scope(String pattern) {
        return new Selectors.Scope(pattern);
    }

    /** What has a depth from {@code first} to {@code last}, both included; see {@link Depths}. */
    static Selector depth(int first, int last) {
        return new Selectors.Depth(first, last);
    }

    /** What has a name. */
    static Selector name(String pattern) {
        return new Selectors.Name(pattern);
    }

    /** Weights of at most one dimension that belong to no normalisation: biases, in the main. */
    static Selector biases() {
        return new Selectors.Biases();
    }

    /** Weights that scale or shift a normalisation, also where an exporter took it apart. */
    static Selector norms() {
        return new Selectors.NormWeights();
    }

    /** Weights that training could change: real numbers, more than one, no running statistics. */
    static Selector learnable() {
        return new Selectors.Learnable();
    }

    static Selector not(Selector selector) {
        return new Selectors.Not(selector);
    }

    /** What all of several select. */
    static Selector and(Selector... selectors) {
        return new Selectors.And(List.of(selectors));
    }

    /** What any of several selects. */
    static Selector or(Selector... selectors) {
        return new Selectors.Or(List.of(selectors));
    }

    /**
     * The selector of a text.
     *
     * @throws dev.graft.InputException if the text is none; the message says what is known
     */
    static Selector parse(String text) {
        return new SelectorParser(text).selector();
    }
}
