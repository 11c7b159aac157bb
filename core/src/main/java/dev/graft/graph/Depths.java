package dev.graft.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How deep in the network each node and weight lies: embeddings 0, blocks 1 to n, head n + 1.
 *
 * <p>Layer-wise learning rates and gradual unfreezing speak of depths. They are read off the graph: blocks are what
 * repeats (see {@link Scopes}; by attention where scopes do not tell), what only feeds them is embeddings, what only
 * reads them is the head, and what lies between two blocks belongs to the first. A graph in which nothing repeats has no
 * blocks, and all of it has depth 0.
 *
 * <p>A weight has the depth of the node that reads it; one that several blocks share (ALBERT) has the lowest.
 */
public final class Depths {
    private final int blocks;
    private final Map<String, Integer> byValue = new HashMap<>();

    private Depths(Graph graph) {
        var found = Blocks.of(graph, Scopes.of(graph));
        blocks = found.count();
        List<Node> nodes = graph.nodes();
        int[] depths = nodes(graph, found);
        for (int i = 0; i < depths.length; i++) {
            for (String output : nodes.get(i).outputs()) {
                byValue.put(output, depths[i]);
            }
        }
        weights(graph, depths);
    }

    /** The depths of a graph. */
    public static Depths of(Graph graph) {
        return new Depths(graph);
    }

    /** The number of blocks, n. */
    public int blocks() {
        return blocks;
    }

    /** The depth of the head, n + 1. */
    public int head() {
        return blocks + 1;
    }

    /** The depth of a node of the graph. */
    public int depth(Node node) {
        return node.outputs().isEmpty() ? 0 : byValue.getOrDefault(node.output(), 0);
    }

    /** The depth of a value: of the node that defines it, or of the first node that reads it if it is a weight. */
    public int depth(String value) {
        return byValue.getOrDefault(value, 0);
    }

    private int[] nodes(Graph graph, Blocks found) {
        var flow = new Flow(graph);
        int size = graph.nodes().size();
        var below = new int[size];
        var feeds = new boolean[size];
        for (int i = 0; i < size; i++) {
            below[i] = found.at(i);
            for (int source : flow.sources(i)) {
                below[i] = Math.max(below[i], found.at(i) == Blocks.NONE ? below[source] : 0);
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int source : flow.sources(i)) {
                feeds[source] |= feeds[i] || found.at(i) != Blocks.NONE;
            }
        }
        var depths = new int[size];
        for (int i = 0; i < size; i++) {
            boolean isHead = found.at(i) == Blocks.NONE && below[i] > 0 && !feeds[i];
            depths[i] = isHead ? head() : below[i];
        }
        constants(flow, found, depths);
        return depths;
    }

    /** What depends on no input, such as a weight's transposition, is as deep as the first that reads it. */
    private static void constants(Flow flow, Blocks found, int[] depths) {
        boolean[] variable = flow.variable();
        var lowest = new int[depths.length];
        Arrays.fill(lowest, Integer.MAX_VALUE);
        for (int i = depths.length - 1; i >= 0; i--) {
            if (!variable[i] && found.at(i) == Blocks.NONE && lowest[i] != Integer.MAX_VALUE) {
                depths[i] = lowest[i];
            }
            for (int source : flow.sources(i)) {
                lowest[source] = Math.min(lowest[source], depths[i]);
            }
        }
    }

    private void weights(Graph graph, int[] depths) {
        List<Node> nodes = graph.nodes();
        for (int i = 0; i < depths.length; i++) {
            for (String input : Links.readings(nodes.get(i))) {
                if (graph.weights().containsKey(input)) {
                    byValue.merge(input, depths[i], Math::min);
                }
            }
        }
    }
}
