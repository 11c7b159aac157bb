package dev.graft.torch;

import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Graphs of one node, run once. */
final class OneNode {
    static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);

    private OneNode() {}

    /** A node reading {@code a}, {@code b}, … and defining {@code y}. */
    static Node node(String operator, int operands) {
        var names = new ArrayList<String>();
        for (int i = 0; i < operands; i++) {
            names.add(name(i));
        }
        return Node.of(operator, "y", names.toArray(new String[0]));
    }

    /** What an operator without attributes makes of operands. */
    static Array run(String operator, long opset, Array... operands) {
        return run(node(operator, operands.length), opset, operands);
    }

    /** The result {@code y} of a node. */
    static Array run(Node node, long opset, Array... operands) {
        return run(TORCH, node, opset, operands);
    }

    static Array run(Runtime runtime, Node node, long opset, Array... operands) {
        var inputs = new LinkedHashMap<String, Array>();
        for (int i = 0; i < operands.length; i++) {
            inputs.put(name(i), operands[i]);
        }
        try (Session session = runtime.prepare(graph(node, opset, inputs))) {
            return value(session.run(inputs), "y");
        }
    }

    /** One of several values, which must be there. */
    static Array value(Map<String, Array> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static Graph graph(Node node, long opset, Map<String, Array> inputs) {
        List<ValueInfo> values = inputs.entrySet().stream()
                .map(input -> declared(input.getKey(), input.getValue()))
                .toList();
        var result = new ValueInfo("y", Optional.empty(), Optional.empty(), Extras.NONE);
        Graph graph = Graph.of(values, List.of(result), List.of(node), Map.of(), opset);
        return node.domain().isEmpty() ? graph : graph.withOpset(node.domain(), 1);
    }

    static ValueInfo declared(String name, Array array) {
        Dimension[] shape =
                Arrays.stream(array.shape()).mapToObj(Dimension.Fixed::new).toArray(Dimension[]::new);
        return ValueInfo.of(name, array.type(), shape);
    }

    private static String name(int index) {
        return String.valueOf((char) ('a' + index));
    }
}
