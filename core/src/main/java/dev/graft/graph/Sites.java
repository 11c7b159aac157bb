package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All nodes and weights of a graph with where they lie; made once for a graph. */
public final class Sites {
    private static final Set<String> PASSING =
            Set.of("Identity", "Transpose", "Cast", "DequantizeLinear", "Reshape", "Unsqueeze", "Squeeze");
    private static final int DEEPEST = 8;

    private final Graph graph;
    private final Links links;
    private final Scopes scopes;
    private final Depths depths;
    private final Norms norms;

    private Sites(Graph graph) {
        this.graph = graph;
        this.links = Links.of(graph);
        this.scopes = Scopes.of(graph);
        this.depths = Depths.of(graph);
        this.norms = new Norms(links, scopes);
    }

    /** The sites of a graph. */
    public static Sites of(Graph graph) {
        return new Sites(graph);
    }

    public Depths depths() {
        return depths;
    }

    /** The nodes, in order. */
    public List<NodeSite> nodes() {
        return graph.nodes().stream().map(this::node).toList();
    }

    /** The weights, in the order of the file. */
    public List<WeightSite> weights() {
        return graph.weights().entrySet().stream().map(this::weight).toList();
    }

    /** The names of the weights that a selector selects. */
    public Set<String> weights(Selector selector) {
        return weights().stream()
                .filter(selector::selects)
                .map(WeightSite::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The nodes that a selector selects. */
    public List<Node> nodes(Selector selector) {
        return nodes().stream().filter(selector::selects).map(NodeSite::node).toList();
    }

    private NodeSite node(Node node) {
        return new NodeSite(node, scopes.scope(node), depths.depth(node));
    }

    private WeightSite weight(Map.Entry<String, Array> weight) {
        String name = weight.getKey();
        var readers = new ArrayList<Node>();
        readers(name, readers, 0);
        List<String> places = readers.stream().map(scopes::scope).distinct().toList();
        return new WeightSite(
                name,
                weight.getValue(),
                readers,
                places,
                depths.depth(name),
                norms.isNorm(name, weight.getValue()),
                norms.isStatistic(name));
    }

    private void readers(String value, List<Node> found, int steps) {
        for (Node reader : links.readers(value)) {
            boolean passes = PASSING.contains(reader.operator())
                    && steps < DEEPEST
                    && reader.input(0).equals(value)
                    && !links.isOutput(reader.output());
            if (passes) {
                readers(reader.output(), found, steps + 1);
            } else {
                found.add(reader);
            }
        }
    }
}
