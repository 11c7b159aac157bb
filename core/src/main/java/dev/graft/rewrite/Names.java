package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import java.util.HashSet;
import java.util.Set;

/** Names for new values that no value of a graph has. */
public final class Names {
    private final Set<String> taken = new HashSet<>();

    private Names(Graph graph) {
        taken.addAll(graph.weights().keySet());
        graph.main().inputs().forEach(input -> taken.add(input.name()));
        for (Node node : graph.nodes()) {
            taken.addAll(node.outputs());
        }
    }

    /** The free names of a graph. */
    public static Names in(Graph graph) {
        return new Names(graph);
    }

    /** The wished name, or that name with a number where it is taken; never given out twice. */
    public String fresh(String wish) {
        String name = wish;
        for (int i = 2; !taken.add(name); i++) {
            name = wish + "_" + i;
        }
        return name;
    }
}
