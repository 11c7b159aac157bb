package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.ElementType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From which values of a graph a gradient finds its way back from an output, and what stops it elsewhere. */
final class GradientPaths {
    private static final Set<String> FLAT = Set.of(
            "And",
            "Or",
            "Xor",
            "Not",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "IsNaN",
            "IsInf",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "BitwiseNot",
            "BitShift",
            "Shape",
            "Size",
            "NonZero",
            "ArgMax",
            "ArgMin",
            "Sign",
            "Ceil",
            "Floor",
            "Round",
            "ConstantOfShape",
            "Range",
            "Hardmax");

    private final OpTable table;
    private final Map<String, Long> opsets;
    private final Set<String> reached = new HashSet<>();
    private final Map<String, Stop> stopped = new HashMap<>();

    /**
     * Where a gradient ends.
     *
     * @param operator by its qualified name
     * @param known whether the table has the operator, which then has no gradient
     */
    record Stop(String operator, boolean known) {}

    GradientPaths(Graph graph, OpTable table) {
        this.table = table;
        this.opsets = graph.opsets();
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
                && table.find(node.domain(), node.operator(), opsets.getOrDefault(node.domain(), 1L))
                        .isEmpty()) {
            return Optional.of(new Stop(operator, false));
        }
        boolean toWhole = node.is("Cast")
                && !ElementType.of(Math.toIntExact(node.whole("to", 1))).isFloating();
        return FLAT.contains(operator) || toWhole ? Optional.of(new Stop(operator, true)) : Optional.empty();
    }
}
