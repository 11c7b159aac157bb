package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.Scopes;

/** How errors name the nodes of a graph: by name and operator, with the scope that the exporter noted and the file. */
final class NodeNames {
    private final Graph graph;

    NodeNames(Graph graph) {
        this.graph = graph;
    }

    /** For example {@code node 'MatMul_3' (MatMul) in scope 'encoder/layer.0' of model.onnx}. */
    String of(Node node) {
        String scope = Scopes.of(graph).scope(node);
        return node.label() + (scope.isEmpty() ? "" : " in scope '" + scope + "'") + ofFile();
    }

    /** For example {@code the graph of model.onnx}. */
    String graph() {
        return "the graph" + ofFile();
    }

    /** An error about the graph that was thrown where its file is not known, with the file before it. */
    GraphException inFile(GraphException error) {
        String file = graph.header().source();
        String message = String.valueOf(error.getMessage());
        return message.contains(file) ? error : new GraphException(file + ": " + message, error);
    }

    private String ofFile() {
        String file = graph.header().source();
        return file.isEmpty() ? "" : " of " + file;
    }
}
