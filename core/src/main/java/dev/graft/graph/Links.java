package dev.graft.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who defines and who reads each value of a graph; made once for a graph and thrown away with it. */
public final class Links {
    private final Graph graph;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> readers = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();

    private Links(Graph graph) {
        this.graph = graph;
        graph.outputs().forEach(output -> outputs.add(output.name()));
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> producers.put(output, node));
            readings(node)
                    .forEach(input -> readers.computeIfAbsent(input, name -> new ArrayList<>())
                            .add(node));
        }
    }

    /** The links of a graph. */
    public static Links of(Graph graph) {
        return new Links(graph);
    }

    /** All names that a node reads, those that its bodies read from around it included, each once. */
    public static Set<String> readings(Node node) {
        var names = new java.util.LinkedHashSet<String>();
        node.inputs().stream().filter(input -> !input.isEmpty()).forEach(names::add);
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Body body) {
                names.addAll(free(body.value()));
            } else if (attribute instanceof Attribute.Bodies bodies) {
                bodies.values().forEach(body -> names.addAll(free(body)));
            }
        }
        return names;
    }

    private static Set<String> free(Block block) {
        var defined = new HashSet<>(block.weights().keySet());
        block.inputs().forEach(input -> defined.add(input.name()));
        var free = new java.util.LinkedHashSet<String>();
        for (Node node : block.nodes()) {
            readings(node).stream().filter(name -> !defined.contains(name)).forEach(free::add);
            defined.addAll(node.outputs());
        }
        block.outputs().stream()
                .map(ValueInfo::name)
                .filter(name -> !defined.contains(name))
                .forEach(free::add);
        return free;
    }

    public Graph graph() {
        return graph;
    }

    /** The node that defines a value; empty for inputs and weights. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The node that defines a value, if it is this operator of ONNX's own domain. */
    public Optional<Node> producer(String value, String operator) {
        return producer(value).filter(node -> node.is(operator));
    }

    /** The nodes that read a value, in order. */
    public List<Node> readers(String value) {
        return readers.getOrDefault(value, List.of());
    }

    /** The one node that reads a value which is no output of the graph. */
    public Optional<Node> onlyReader(String value) {
        List<Node> all = readers(value);
        return all.size() == 1 && !outputs.contains(value) ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** Whether a value is an output of the graph. */
    public boolean isOutput(String value) {
        return outputs.contains(value);
    }
}
