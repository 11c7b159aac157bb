package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inputs, outputs, nodes and weights: what the main graph and every body inside a node have in common.
 *
 * <p>A block by itself is not checked, for a body may read names of the graph around it; {@link Graph} checks the whole.
 *
 * @param nodes in an order in which each reads only what stands before it
 * @param weights arrays by the name of the value that they define, in the order of the file
 */
public record Block(
        String name,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        List<Node> nodes,
        Map<String, Array> weights,
        Extras extras) {
    public Block {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
