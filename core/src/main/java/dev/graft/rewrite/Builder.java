package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects new nodes and weights under one scope, in the spelling of a graph's operator set. */
final class Builder {
    private static final long AXES_AS_INPUT = 13;
    private static final long RATIO_AS_INPUT = 12;

    private final String scope;
    private final long opset;
    private final Names names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Array> weights = new LinkedHashMap<>();

    Builder(Graph graph, String scope) {
        this.scope = scope;
        this.opset = graph.opset();
        this.names = Names.in(graph);
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<String, Array> weights() {
        return weights;
    }

    /** Adds a weight under the scope; returns its name. */
    String weight(String name, Array value) {
        String fresh = names.fresh(scope + "." + name);
        weights.put(fresh, value);
        return fresh;
    }

    /** Adds a node; returns the name of its value. */
    String node(String operator, String result, String... inputs) {
        return add(Node.of(operator, result, inputs));
    }

    /** Adds a node whose one output is still to be placed in the scope; returns the name of its value. */
    String add(Node node) {
        String output = names.fresh(scope + "/" + node.output());
        nodes.add(node.defining(List.of(output)).named("/" + output));
        return output;
    }

    /** Adds a node that defines a value under exactly this name. */
    void define(Node node) {
        nodes.add(node.named("/" + scope + "/" + node.operator()));
    }

    String cast(String result, String input, ElementType type) {
        return add(Node.of("Cast", result, input).with("to", new Attribute.Whole(type.code())));
    }

    /** A node that zeroes values while the graph learns, and scales the others up. */
    String dropout(String result, String input, double rate) {
        if (opset < RATIO_AS_INPUT) {
            return add(Node.of("Dropout", result, input).with("ratio", new Attribute.Real((float) rate)));
        }
        return node("Dropout", result, input, weight(result + "_ratio", Array.scalar((float) rate)));
    }

    String unsqueeze(String result, String input, long axis) {
        return add(alongAxis(Node.of("Unsqueeze", result, input), axis));
    }

    String reduceSum(String result, String input, long axis) {
        return add(alongAxis(Node.of("ReduceSum", result, input), axis).with("keepdims", new Attribute.Whole(0)));
    }

    private Node alongAxis(Node node, long axis) {
        if (opset < AXES_AS_INPUT) {
            return node.with("axes", new Attribute.Wholes(List.of(axis)));
        }
        String axes = weight(node.output() + "_axes", Array.of(new long[] {axis}, 1));
        return node.reading(List.of(node.input(0), axes));
    }
}
