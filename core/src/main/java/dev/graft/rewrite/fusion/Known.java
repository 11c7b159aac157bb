package dev.graft.rewrite.fusion;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import org.jspecify.annotations.Nullable;

/** A graph with what passes ask about it, found out once and only when it is asked for. */
final class Known {
    private final Graph graph;
    private @Nullable Facts facts;
    private @Nullable Links links;

    Known(Graph graph) {
        this.graph = graph;
    }

    Graph graph() {
        return graph;
    }

    Facts facts() {
        Facts found = facts == null ? Facts.of(graph) : facts;
        facts = found;
        return found;
    }

    Links links() {
        Links found = links == null ? Links.of(graph) : links;
        links = found;
        return found;
    }

    /** What is known of a later graph: all of this where it is the same one, else nothing yet. */
    Known of(Graph later) {
        return later.equals(graph) ? this : new Known(later);
    }
}
