package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** Which nodes of a graph depend on which, by their places in the graph. */
final class Flow {
    private final Graph graph;
    private final List<int[]> sources = new ArrayList<>();

    Flow(Graph graph) {
        this.graph = graph;
        var producers = new HashMap<String, Integer>();
        List<Node> nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            sources.add(Links.readings(nodes.get(i)).stream()
                    .filter(producers::containsKey)
                    .mapToInt(producers::get)
                    .toArray());
            for (String output : nodes.get(i).outputs()) {
                producers.put(output, i);
            }
        }
    }

    /** The nodes that define what the node at an index reads. */
    int[] sources(int index) {
        return sources.get(index);
    }

    /** The nodes that depend on a node, itself not among them. */
    boolean[] after(int node) {
        var found = new boolean[sources.size()];
        for (int i = node + 1; i < found.length; i++) {
            for (int source : sources.get(i)) {
                found[i] |= source == node || found[source];
            }
        }
        return found;
    }

    /** The nodes that a node depends on, itself not among them. */
    boolean[] before(int node) {
        var found = new boolean[sources.size()];
        for (int i = node; i >= 0; i--) {
            if (i == node || found[i]) {
                for (int source : sources.get(i)) {
                    found[source] = true;
                }
            }
        }
        return found;
    }

    /** The last node through which every path between two nodes goes; the first of the two if there is none. */
    int lastCut(int from, int to) {
        boolean[] after = after(from);
        boolean[] before = before(to);
        var reach = new int[sources.size()];
        for (int i = from + 1; i <= to; i++) {
            if (i == to || after[i] && before[i]) {
                for (int source : sources.get(i)) {
                    reach[source] = i;
                }
            }
        }
        int cut = from;
        int farthest = reach[from];
        for (int i = from + 1; i < to; i++) {
            if (after[i] && before[i]) {
                cut = farthest <= i ? i : cut;
                farthest = Math.max(farthest, reach[i]);
            }
        }
        return cut;
    }

    /** Which nodes depend on an input of the graph. */
    boolean[] variable() {
        var inputs = new HashSet<String>();
        graph.inputs().forEach(input -> inputs.add(input.name()));
        var found = new boolean[sources.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = Links.readings(graph.nodes().get(i)).stream().anyMatch(inputs::contains);
            for (int source : sources.get(i)) {
                found[i] |= found[source];
            }
        }
        return found;
    }

    /** The first node that joins an input with a weight of two or more dimensions; the first of all if none does. */
    int firstOnWeights() {
        boolean[] variable = variable();
        for (int i = 0; i < variable.length; i++) {
            for (String input : graph.nodes().get(i).inputs()) {
                Array weight = graph.weights().get(input);
                if (variable[i]
                        && weight != null
                        && weight.rank() >= 2
                        && weight.type().isFloating()) {
                    return i;
                }
            }
        }
        return 0;
    }

    /** The last product that a node depends on, or the node itself if there is none. */
    int lastProduct(int node) {
        boolean[] before = before(node);
        for (int i = node - 1; i >= 0; i--) {
            if (before[i] && graph.nodes().get(i).is("MatMul")) {
                return i;
            }
        }
        return node;
    }
}
