package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which operator each node of a graph means, by the graph's operator sets. */
final class Binding {
    private static final int NAMES_SHOWN = 3;

    private final OpTable table;
    private final Map<String, Long> opsets;
    private final NodeNames names;

    private Binding(OpTable table, Graph graph) {
        this.table = table;
        this.opsets = graph.opsets();
        this.names = new NodeNames(graph);
    }

    /**
     * The binding of a graph.
     *
     * @throws GraphException if the table lacks operators of the graph; all are named, with how often and where
     */
    static Binding of(Graph graph, OpTable table) {
        Map<String, List<String>> missing = missing(graph, table);
        if (!missing.isEmpty()) {
            throw new GraphException(
                    "Training lacks " + missing.size() + (missing.size() == 1 ? " operator" : " operators")
                            + " of this model: "
                            + missing.entrySet().stream()
                                    .map(entry -> describe(entry.getKey(), entry.getValue()))
                                    .collect(Collectors.joining("; "))
                            + ". Export the model without them, or ask for them to be added");
        }
        return new Binding(table, graph);
    }

    /** The operators of a graph that a table lacks, each with the names of its nodes. */
    static Map<String, List<String>> missing(Graph graph, OpTable table) {
        var missing = new TreeMap<String, List<String>>();
        new Binding(table, graph).collectMissing(graph.main(), missing);
        return missing;
    }

    private static String describe(String operator, List<String> nodes) {
        String more = nodes.size() > NAMES_SHOWN ? ", …" : "";
        String times = nodes.size() == 1 ? "once" : nodes.size() + " times";
        return operator + " (" + times + ": " + String.join(", ", nodes.subList(0, Math.min(NAMES_SHOWN, nodes.size())))
                + more + ")";
    }

    /** How errors name the graph's nodes. */
    NodeNames names() {
        return names;
    }

    OpTable.Operator operator(Node node) {
        return find(node).orElseThrow();
    }

    private Optional<OpTable.Operator> find(Node node) {
        return table.find(node.domain(), node.operator(), version(node.domain()));
    }

    /** The version of an operator set; 1 where the graph does not say. */
    long version(String domain) {
        return opsets.getOrDefault(domain, 1L);
    }

    private void collectMissing(Block block, Map<String, List<String>> missing) {
        for (Node node : block.nodes()) {
            if (ConstantNodes.of(node).isEmpty() && find(node).isEmpty()) {
                String operator = OpTable.qualified(node.domain(), node.operator())
                        + (node.domain().isEmpty() ? " of opset " + version("") : "");
                missing.computeIfAbsent(operator, name -> new ArrayList<>())
                        .add("'" + (node.name().isEmpty() ? node.output() : node.name()) + "'");
            }
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.Body body) {
                    collectMissing(body.value(), missing);
                }
            });
        }
    }
}
