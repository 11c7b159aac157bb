package dev.graft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of several commands that take turns, round by round. */
final class Turns {
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    /** Keeps a round's figure of a command. */
    void add(String command, double figure) {
        figures.computeIfAbsent(command, name -> new ArrayList<>()).add(figure);
    }

    /** A command's figures, in the order of the rounds. */
    List<Double> of(String command) {
        return figures.getOrDefault(command, List.of());
    }

    /** A figure of which less is better, beside a peer's. */
    Comparison less(String what, String graft, String peer, String asked) {
        return new Comparison(what, "`" + peer + "`", asked, true, of(graft), of(peer));
    }

    /** A figure of which more is better, beside a peer's. */
    Comparison more(String what, String graft, String peer, String asked) {
        return new Comparison(what, "`" + peer + "`", asked, false, of(graft), of(peer));
    }
}
