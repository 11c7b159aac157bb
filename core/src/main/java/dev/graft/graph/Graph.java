package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An ONNX model as an immutable value.
 *
 * <p>The constructor refuses whatever is not a graph: a reading of a name that nothing before it defines, a name that is
 * defined twice, an output that nothing defines. So no rewrite can hand on a broken graph. Weights are shared between
 * graphs and never copied.
 *
 * @param main inputs, outputs, nodes in topological order, and weights
 * @param opsets version of each operator set by domain; the empty name is ONNX's own
 * @param functions operators that the model itself defines
 * @param header what the file says of itself: IR version, producer, metadata
 */
public record Graph(Block main, Map<String, Long> opsets, List<Function> functions, Header header) {
    /**
     * Checks the graph.
     *
     * @throws GraphException if it is none; the message names the node and the value
     */
    public Graph {
        opsets = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
        functions = List.copyOf(functions);
        Check.graph(main);
    }

    /** A graph in ONNX's own operator set, for tests and for graphs that are made rather than read. */
    public static Graph of(
            List<ValueInfo> inputs, List<ValueInfo> outputs, List<Node> nodes, Map<String, Array> weights, long opset) {
        return new Graph(
                Block.of("graph", inputs, outputs, nodes, weights), Map.of("", opset), List.of(), Header.of(opset));
    }

    /** The declared inputs, weights with defaults left out. */
    public List<ValueInfo> inputs() {
        return main.inputs().stream()
                .filter(input -> !main.weights().containsKey(input.name()))
                .toList();
    }

    public List<ValueInfo> outputs() {
        return main.outputs();
    }

    public List<Node> nodes() {
        return main.nodes();
    }

    public Map<String, Array> weights() {
        return main.weights();
    }

    /** The version of ONNX's own operator set; 1 where the model does not say. */
    public long opset() {
        return opsets.getOrDefault("", 1L);
    }

    /** This graph with other nodes. */
    public Graph withNodes(List<Node> nodes) {
        return with(block -> block.withNodes(nodes));
    }

    /** This graph with other weights. */
    public Graph withWeights(Map<String, Array> weights) {
        return with(block -> block.withWeights(weights));
    }

    /** This graph with other declared outputs. */
    public Graph withOutputs(List<ValueInfo> outputs) {
        return with(block -> block.withOutputs(outputs));
    }

    /** This graph with other declared inputs. */
    public Graph withInputs(List<ValueInfo> inputs) {
        return with(block -> block.withInputs(inputs));
    }

    /** This graph with other nodes and weights; one step, so that the check sees the whole. */
    public Graph withNodes(List<Node> nodes, Map<String, Array> weights) {
        return with(block -> block.withNodes(nodes).withWeights(weights));
    }

    /** This graph with nodes appended at its end and weights added; one step, so that the check sees the whole. */
    public Graph appending(List<Node> nodes, Map<String, Array> weights, List<ValueInfo> outputs) {
        var allNodes = new ArrayList<>(main.nodes());
        allNodes.addAll(nodes);
        var allWeights = new LinkedHashMap<>(main.weights());
        allWeights.putAll(weights);
        return with(block -> block.withNodes(allNodes).withWeights(allWeights).withOutputs(outputs));
    }

    /** This graph with its main block changed. */
    public Graph with(UnaryOperator<Block> change) {
        return new Graph(change.apply(main), opsets, functions, header);
    }

    /** This graph with one more operator set. */
    public Graph withOpset(String domain, long version) {
        var changed = new LinkedHashMap<>(opsets);
        changed.put(domain, version);
        return new Graph(main, changed, functions, header);
    }

    /** ONNX's text form, a node a line; weights are shown by type and shape. */
    @Override
    public String toString() {
        return GraphText.print(this);
    }
}
