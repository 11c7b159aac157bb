package dev.graft.graph;

import java.util.List;

/** A node and where it lies. */
public record NodeSite(Node node, String scope, int depth) implements Site {
    @Override
    public String name() {
        return node.name();
    }

    @Override
    public List<String> operators() {
        return List.of(node.operator());
    }

    @Override
    public List<String> scopes() {
        return List.of(scope);
    }
}
