package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From which values of a graph a gradient finds its way back from an output, and what stops it elsewhere. */
final class GradientPaths {
    private static final Set<Long> REAL = Arrays.stream(ElementType.values())
            .filter(ElementType::isFloating)
            .map(type -> (long) type.code())
            .collect(Collectors.toSet());

    private static final Set<String> REAL_NAMES = Arrays.stream(ElementType.values())
            .filter(ElementType::isFloating)
            .map(ElementType::name)
            .collect(Collectors.toSet());

    private final OpTable table;
    private final Graph graph;
    private final Set<String> reached = new HashSet<>();
    private final Map<String, Stop> stopped = new HashMap<>();

    /**
     * Where a gradient ends.
     *
     * @param node at which it ends
     * @param operator by its qualified name
     * @param known whether the table has the operator, which then has no gradient
     */
    record Stop(Node node, String operator, boolean known) {}

    GradientPaths(Graph graph, OpTable table) {
        this.table = table;
        this.graph = graph;
        graph.outputs().stream()
                .filter(output -> output.type().map(ElementType::isFloating).orElse(true))
                .map(ValueInfo::name)
                .forEach(reached::add);
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            follow(nodes.get(i));
        }
    }

    /** Whether a gradient comes back to a value. */
    boolean reaches(String value) {
        return reached.contains(value);
    }

    /** What stops the gradients on their way to a value that none reaches; empty if no output depends on it. */
    Optional<Stop> stop(String value) {
        return Optional.ofNullable(stopped.get(value));
    }

    /** For each weight of real numbers that no gradient reaches, why; what only a missing operator cuts off is left out. */
    Map<String, String> obstacles() {
        var names = new NodeNames(graph);
        var obstacles = new TreeMap<String, String>();
        graph.weights().forEach((name, array) -> {
            if (array.type().isFloating() && !reaches(name)) {
                stop(name)
                        .ifPresentOrElse(
                                stop -> {
                                    if (stop.known()) {
                                        obstacles.put(
                                                name,
                                                names.of(stop.node())
                                                        + ", which no gradient goes back through, stands between"
                                                        + " it and the outputs");
                                    }
                                },
                                () -> obstacles.put(name, "no output of the model depends on it"));
            }
        });
        return Collections.unmodifiableMap(obstacles);
    }

    private void follow(Node node) {
        boolean arrives = node.outputs().stream().anyMatch(reached::contains);
        Optional<Stop> here = here(node);
        if (arrives && here.isEmpty()) {
            reached.addAll(Links.readings(node));
            return;
        }
        Optional<Stop> before = node.outputs().stream()
                .filter(stopped::containsKey)
                .map(stopped::get)
                .findFirst();
        if (arrives || before.isPresent()) {
            here.or(() -> before)
                    .ifPresent(stop -> Links.readings(node).forEach(value -> stopped.putIfAbsent(value, stop)));
        }
    }

    private Optional<Stop> here(Node node) {
        String operator = OpTable.qualified(node.domain(), node.operator());
        if (ConstantNodes.of(node).isEmpty()
                && table.find(node.domain(), node.operator(), graph.opsets().getOrDefault(node.domain(), 1L))
                        .isEmpty()) {
            return Optional.of(new Stop(node, operator, false));
        }
        return table.withoutGradient().contains(operator) || node.is("Cast") && castsToWhole(node)
                ? Optional.of(new Stop(node, operator, true))
                : Optional.empty();
    }

    /** The first casts name their type, later ones number it. */
    private static boolean castsToWhole(Node node) {
        Attribute to = node.attributes().get("to");
        return to instanceof Attribute.Text name
                ? !REAL_NAMES.contains(name.value().toUpperCase(Locale.ROOT))
                : to instanceof Attribute.Whole code && !REAL.contains(code.value());
    }
}
