package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A float32 graph as one of float64, so that tests need not tell an error from rounding. */
final class Doubles {
    private Doubles() {}

    static Graph of(Graph graph) {
        var weights = new LinkedHashMap<String, Array>();
        graph.weights().forEach((name, array) -> weights.put(name, of(array)));
        List<Node> nodes = graph.nodes().stream().map(Doubles::of).toList();
        return graph.with(block -> block.withNodes(nodes).withWeights(weights).withInputs(wide(block.inputs())));
    }

    static Array of(Array array) {
        if (array.type() != ElementType.FLOAT) {
            return array;
        }
        float[] floats = array.floats();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return Array.of(doubles, array.shape());
    }

    static double[] values(Array array) {
        double[] values = new double[Math.toIntExact(array.elements())];
        array.bytes().asDoubleBuffer().get(values);
        return values;
    }

    private static Node of(Node node) {
        var attributes = new LinkedHashMap<String, Attribute>(node.attributes());
        attributes.replaceAll((name, attribute) ->
                attribute instanceof Attribute.Tensor tensor ? new Attribute.Tensor(of(tensor.value())) : attribute);
        if (node.is("Cast") && node.whole("to", 0) == ElementType.FLOAT.code()) {
            attributes.put("to", new Attribute.Whole(ElementType.DOUBLE.code()));
        }
        return attributes.equals(node.attributes()) ? node : with(node, attributes);
    }

    private static Node with(Node node, Map<String, Attribute> attributes) {
        Node changed = node;
        for (var entry : attributes.entrySet()) {
            changed = changed.with(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private static List<ValueInfo> wide(List<ValueInfo> inputs) {
        return inputs.stream()
                .map(input -> input.type().equals(Optional.of(ElementType.FLOAT))
                        ? new ValueInfo(input.name(), Optional.of(ElementType.DOUBLE), input.shape(), input.extras())
                        : input)
                .toList();
    }
}
