package dev.graft.rewrite;

import dev.graft.graph.Graph;
import java.util.List;

/** A pure function from graph to graph. */
@FunctionalInterface
public interface Rewrite {
    /** The rewritten graph; the given one is never changed, and is returned itself where there is nothing to do. */
    Graph apply(Graph graph);

    /** This rewrite and then another. */
    default Rewrite then(Rewrite next) {
        return graph -> next.apply(apply(graph));
    }

    /** Rewrites in order. */
    static Rewrite inOrder(List<Rewrite> rewrites) {
        return graph -> {
            Graph current = graph;
            for (Rewrite rewrite : rewrites) {
                current = rewrite.apply(current);
            }
            return current;
        };
    }
}
