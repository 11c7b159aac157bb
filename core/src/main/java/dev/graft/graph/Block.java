package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Inputs, outputs, nodes and weights: what the main graph and every body inside a node have in common.
 *
 * <p>A block by itself is not checked, for a body may read names of the graph around it; {@link Graph} checks the whole.
 *
 * @param nodes in an order in which each reads only what stands before it
 * @param weights arrays by the name of the value that they define, in the order of the file
 * @param values what is declared of values between inputs and outputs; need not name them all
 * @param extras what the file says beyond these, kept as it came
 */
public record Block(
        String name,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        List<Node> nodes,
        Map<String, Array> weights,
        List<ValueInfo> values,
        Extras extras) {
    public Block {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        values = List.copyOf(values);
    }

    /** A block of which a file says nothing more. */
    public static Block of(
            String name,
            List<ValueInfo> inputs,
            List<ValueInfo> outputs,
            List<Node> nodes,
            Map<String, Array> weights) {
        return new Block(name, inputs, outputs, nodes, weights, List.of(), Extras.NONE);
    }

    /** This block with other nodes; declarations of values that no node defines any more go with them. */
    public Block withNodes(List<Node> others) {
        Set<String> before = defined(nodes);
        Set<String> now = defined(others);
        List<ValueInfo> kept = values.stream()
                .filter(value -> now.contains(value.name()) || !before.contains(value.name()))
                .toList();
        return new Block(name, inputs, outputs, others, weights, kept, extras);
    }

    /** This block with other weights. */
    public Block withWeights(Map<String, Array> others) {
        return new Block(name, inputs, outputs, nodes, others, values, extras);
    }

    /** This block with other declared inputs. */
    public Block withInputs(List<ValueInfo> others) {
        return new Block(name, others, outputs, nodes, weights, values, extras);
    }

    /** This block with other declared outputs. */
    public Block withOutputs(List<ValueInfo> others) {
        return new Block(name, inputs, others, nodes, weights, values, extras);
    }

    private static Set<String> defined(List<Node> nodes) {
        var names = new HashSet<String>();
        nodes.forEach(node -> names.addAll(node.outputs()));
        return names;
    }
}
