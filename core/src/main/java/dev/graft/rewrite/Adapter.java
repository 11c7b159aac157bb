package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What training an adapter made of a graph, without the graph: puts it onto the same graph again.
 *
 * <p>The graph that it is put onto has a head already, of which it sets the weights.
 *
 * @param method how the weights are added; its seed is of no account
 * @param weights those of the adapter, named as its method names them, and of the head
 */
public record Adapter(AdapterMethod method, Map<String, Array> weights) implements Rewrite {
    public Adapter {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** The adapter in a graph that was trained with one and with its head. */
    public static Adapter of(AdapterMethod method, Graph tuned) {
        Map<String, Array> weights = new LinkedHashMap<>(tuned.weights());
        weights.keySet().removeIf(name -> !AdapterMethod.adds(name) && !isHead(name));
        return new Adapter(method, weights);
    }

    /**
     * The graph with the adapter beside its weights, and the head's weights.
     *
     * @throws GraphException if the graph is not the one that the adapter was made for: a weight has no place in it, a
     *     place has no weight, or a shape differs
     */
    @Override
    public Graph apply(Graph headed) {
        Graph grown = method.apply(headed);
        Map<String, Array> all = new LinkedHashMap<>(grown.weights());
        Set<String> left = new TreeSet<>(weights.keySet());
        grown.weights().forEach((name, array) -> {
            if (AdapterMethod.adds(name) || isHead(name)) {
                all.put(name, checked(name, array.shape()));
                left.remove(name);
            }
        });
        if (!left.isEmpty()) {
            throw new GraphException("The adapter has a weight '"
                    + left.iterator().next() + "' for which the graph has no place; it was made for another model");
        }
        return grown.withWeights(all);
    }

    /**
     * The graph with the adapter taken into its weights, where its method allows that; else as {@link #apply} makes it.
     *
     * @throws GraphException as {@link #apply}
     */
    public Graph merged(Graph headed) {
        Graph grown = apply(headed);
        return method.merged(headed, weights).orElse(grown);
    }

    /** One of an adapter's weights. */
    static Array weight(Map<String, Array> weights, String name) {
        Array array = weights.get(name);
        if (array == null) {
            throw new GraphException("The adapter has no weight '" + name + "'; it was made for another model");
        }
        return array;
    }

    private Array checked(String name, long... shape) {
        Array array = weight(weights, name);
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
