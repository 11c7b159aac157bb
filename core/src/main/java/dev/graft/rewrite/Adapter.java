package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What training branches of low rank made of a graph, without the graph: puts it onto the same graph again.
 *
 * <p>The graph that it is put onto has a head already, of which it sets the weights; the result has branches, which
 * {@link MergeLora} can take into the weights.
 *
 * @param alpha the branches' factor is alpha / rank
 * @param where the products beside which the branches stand
 * @param weights those of the branches, named as {@link Lora} names them, and of the head
 */
public record Adapter(int rank, double alpha, Selector where, Map<String, Array> weights) implements Rewrite {
    public Adapter {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** The adapter in a graph with trained branches and a head. */
    public static Adapter of(Lora lora, Graph tuned) {
        Map<String, Array> weights = new LinkedHashMap<>(tuned.weights());
        weights.keySet().removeIf(name -> !Lora.isBranch(name) && !isHead(name));
        return new Adapter(lora.rank(), lora.alpha(), lora.where(), weights);
    }

    /**
     * The graph with the branches and the head's weights.
     *
     * @throws GraphException if the graph is not the one that the adapter was made for: a weight has no place in it, a
     *     place has no weight, or a shape differs
     */
    @Override
    public Graph apply(Graph headed) {
        Set<String> placed = new HashSet<>();
        Graph grown = new Lora(rank, alpha, where, 0).grown(headed, (module, in, out) -> {
            placed.add(module + Lora.DOWN);
            placed.add(module + Lora.UP);
            return new Lora.Branch(checked(module + Lora.DOWN, in, rank), checked(module + Lora.UP, rank, out));
        });
        Map<String, Array> all = new LinkedHashMap<>(grown.weights());
        headed.weights().forEach((name, array) -> {
            if (isHead(name)) {
                placed.add(name);
                all.put(name, checked(name, array.shape()));
            }
        });
        Set<String> left = new TreeSet<>(weights.keySet());
        left.removeAll(placed);
        if (!left.isEmpty()) {
            throw new GraphException("The adapter has a weight '"
                    + left.iterator().next() + "' for which the graph has no place; it was made for another model");
        }
        return grown.withWeights(all);
    }

    private Array checked(String name, long... shape) {
        Array array = weights.get(name);
        if (array == null) {
            throw new GraphException("The adapter has no weight '" + name + "'; it was made for another model");
        }
        if (!Arrays.equals(array.shape(), shape)) {
            throw new GraphException("The adapter's weight '" + name + "' is " + Arrays.toString(array.shape())
                    + " where the graph takes " + Arrays.toString(shape) + "; it was made for another model");
        }
        return array;
    }

    private static boolean isHead(String name) {
        return name.equals(ClassifierHead.WEIGHT) || name.equals(ClassifierHead.BIAS);
    }
}
