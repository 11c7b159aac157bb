package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Sites;
import dev.graft.graph.WeightSite;
import dev.graft.torch.ops.Operators;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which weights of a graph training could change, and why it could not change the others.
 *
 * @param groups of weights that share a verdict, those that can be trained first
 * @param missing operators that the table lacks, each with the names of its nodes; with any, nothing can be trained yet
 */
public record Trainability(List<Group> groups, Map<String, List<String>> missing) {
    public Trainability {
        groups = List.copyOf(groups);
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    }

    /** What can become of a weight. */
    public enum Verdict {
        /** Real numbers with a differentiable way to an output. */
        TRAINABLE,
        /** A running mean or variance, which training renews without a gradient. */
        STATISTIC,
        /** Whole numbers or truth values: shapes, indices, quantised weights. */
        WHOLE_NUMBERS,
        /** One number by itself: a factor or a bound. */
        SINGLE_NUMBER,
        /** All ways to an output lead through an operator without a gradient. */
        NO_GRADIENT,
        /** All ways to an output lead through an operator that the table lacks. */
        MISSING_OPERATOR,
        /** No output depends on it. */
        UNREAD
    }

    /**
     * Weights that share a verdict.
     *
     * @param operators what stands in the way, or for whole numbers what reads them; empty where neither tells anything
     * @param elements the numbers that the weights hold together
     */
    public record Group(Verdict verdict, List<String> operators, List<String> weights, long elements) {
        public Group {
            operators = List.copyOf(operators);
            weights = List.copyOf(weights);
        }

        private static Group of(Verdict verdict, List<String> operators, WeightSite site) {
            return new Group(
                    verdict, operators, List.of(site.name()), site.array().elements());
        }

        private Group plus(Group other) {
            return new Group(
                    verdict,
                    operators,
                    Stream.concat(weights.stream(), other.weights.stream()).toList(),
                    elements + other.elements);
        }
    }

    /** What can be trained of a graph, by the operator table of this version. */
    public static Trainability of(Graph graph) {
        OpTable table = Operators.standard();
        var paths = new GradientPaths(graph, table);
        var groups = new LinkedHashMap<List<Object>, Group>();
        for (WeightSite site : Sites.of(graph).weights()) {
            Group one = group(site, paths);
            groups.merge(List.of(one.verdict(), one.operators()), one, Group::plus);
        }
        Comparator<Group> order = Comparator.comparing(Group::verdict)
                .thenComparing(Comparator.comparingLong(Group::elements).reversed());
        return new Trainability(groups.values().stream().sorted(order).toList(), Binding.missing(graph, table));
    }

    private static Group group(WeightSite site, GradientPaths paths) {
        Optional<GradientPaths.Stop> stop = paths.stop(site.name());
        if (!site.array().type().isFloating()) {
            return Group.of(Verdict.WHOLE_NUMBERS, site.operators(), site);
        } else if (site.statistic()) {
            return Group.of(Verdict.STATISTIC, site.operators(), site);
        } else if (site.array().elements() == 1) {
            return Group.of(Verdict.SINGLE_NUMBER, List.of(), site);
        } else if (paths.reaches(site.name())) {
            return Group.of(Verdict.TRAINABLE, List.of(), site);
        }
        return stop.map(found -> Group.of(
                        found.known() ? Verdict.NO_GRADIENT : Verdict.MISSING_OPERATOR,
                        List.of(found.operator()),
                        site))
                .orElseGet(() -> Group.of(Verdict.UNREAD, List.of(), site));
    }

    /**
     * Refuses weights that no gradient reaches.
     *
     * @param graph how errors name the graph
     * @throws GraphException if there are any
     */
    static void require(Set<String> names, Map<String, String> untrainable, String graph) {
        List<String> reasons = names.stream()
                .filter(untrainable::containsKey)
                .sorted()
                .map(name -> "'" + name + "': " + untrainable.get(name))
                .toList();
        if (!reasons.isEmpty()) {
            throw new GraphException("In " + graph + " no gradient reaches "
                    + (reasons.size() == 1 ? "weight " : reasons.size() + " weights that are to learn. ")
                    + String.join("; ", reasons)
                    + ". Leave them out, or take the model before these nodes were put in");
        }
    }
}
