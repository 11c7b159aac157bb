package dev.graft.graph;

/** ONNX's text form of a graph. */
final class GraphText {
    private GraphText() {}

    static String print(Graph graph) {
        var text = new StringBuilder();
        graph.nodes().forEach(node -> text.append(node).append('\n'));
        return text.toString();
    }
}
