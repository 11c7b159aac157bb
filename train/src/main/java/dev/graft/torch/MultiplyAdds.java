package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many multiplications, each with the addition that follows it, one run of a graph takes.
 *
 * <p>Products of matrices, convolutions, attention and recurrences are counted, by the shapes that a real run meets and as
 * often as it meets them, so a branch that is not taken does not count. Everything else (activations, normalisations,
 * additions of biases) is a small share in any network and is left out, as is usual.
 *
 * @param total of all operators
 * @param byOperator the same by operator, for those that take any
 */
public record MultiplyAdds(long total, Map<String, Long> byOperator) {
    public MultiplyAdds {
        byOperator = Collections.unmodifiableMap(new TreeMap<>(byOperator));
    }

    /**
     * Runs a graph once and counts.
     *
     * @param inputs an array for every input; only shapes matter, unless the graph's own shapes depend on values
     * @throws dev.graft.graph.GraphException if the graph cannot run with these inputs, or holds unknown operators
     */
    public static MultiplyAdds of(Graph graph, Map<String, Array> inputs, TorchSettings settings) {
        var counts = new TreeMap<String, Long>();
        try (Network network = new Torch(settings, unfused -> unfused).prepare(graph)) {
            network.compute(Content.of(inputs), (node, operands, results) -> {
                long count = Products.multiplyAdds(node, operands, results);
                if (count > 0) {
                    counts.merge(OpTable.qualified(node.domain(), node.operator()), count, Math::addExact);
                }
            });
        }
        return new MultiplyAdds(
                counts.values().stream().mapToLong(Long::longValue).sum(), counts);
    }
}
