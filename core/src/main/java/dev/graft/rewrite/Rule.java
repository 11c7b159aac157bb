package dev.graft.rewrite;

import dev.graft.graph.Links;
import dev.graft.graph.Node;
import java.util.Optional;

/** A local rewrite: looks at one node and what is around it; says no by returning empty, keeps no state. */
@FunctionalInterface
public interface Rule {
    /** What to put in place, if the rule applies at this node. */
    Optional<Patch> match(Links links, Node node);
}
