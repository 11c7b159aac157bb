package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import dev.graft.rewrite.Names;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes into an attention's softmax: {@code scale · query·keyᵀ + masks}.
 *
 * @param product the value of {@code query·keyᵀ}, maybe scaled, before any mask
 * @param query split into heads
 * @param key split into heads
 * @param keyOrder the order of the key's axes
 */
record Scores(String product, String query, String key, List<Long> keyOrder, double scale, List<Mask> masks) {
    /** A real number below which adding any score changes nothing and softmax gives zero. */
    static final double LOWEST = -1e30;

    /** Something that is added to the scores, or takes their place. */
    sealed interface Mask {}

    /** A value that is added. */
    record Added(String value) implements Mask {}

    /** A very low number that takes the place of scores, here written as a choice between it and zero to add. */
    record Chosen(String condition, String lowest, boolean whereTrue) implements Mask {}

    Scores times(double factor) {
        return new Scores(product, query, key, keyOrder, scale * factor, masks);
    }

    Scores of(String scaled) {
        return new Scores(scaled, query, key, keyOrder, scale, masks);
    }

    Scores with(Mask mask) {
        List<Mask> all = new ArrayList<>(masks);
        all.add(mask);
        return new Scores(product, query, key, keyOrder, scale, all);
    }

    /** Whether the masks leave the scores in their shape, so that they broadcast to it. */
    boolean keepShape(Facts facts, String masked) {
        Optional<List<Size>> shape = facts.shape(product);
        return shape.isPresent() && shape.equals(facts.shape(masked));
    }

    /** The value to add to the scores; empty where nothing is masked. What it takes is added to nodes and weights. */
    Optional<String> mask(Names names, String scope, List<Node> nodes, Map<String, Array> weights) {
        Optional<String> sum = Optional.empty();
        for (Mask mask : masks) {
            String term = term(mask, names, scope, nodes, weights);
            if (sum.isPresent()) {
                String name = names.fresh(scope + "_mask");
                nodes.add(Node.of("Add", name, sum.get(), term));
                term = name;
            }
            sum = Optional.of(term);
        }
        return sum;
    }

    private static String term(Mask mask, Names names, String scope, List<Node> nodes, Map<String, Array> weights) {
        if (mask instanceof Added added) {
            return added.value();
        }
        Chosen chosen = (Chosen) mask;
        String zero = names.fresh(scope + "_zero");
        weights.put(zero, Array.scalar(0f));
        String name = names.fresh(scope + "_mask");
        nodes.add(
                chosen.whereTrue()
                        ? Node.of("Where", name, chosen.condition(), chosen.lowest(), zero)
                        : Node.of("Where", name, chosen.condition(), zero, chosen.lowest()));
        return name;
    }
}
