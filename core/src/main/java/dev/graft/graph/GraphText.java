package dev.graft.graph;

/**
 * ONNX's text form of a graph, as {@code onnx.printer} writes it and {@code onnx.parser} reads it.
 *
 * <pre>{@code
 * <ir_version: 8, opset_import: ["" : 17]>
 * agraph (float[N,4] x) => (float[N,2] y)
 *   <float[4,2] w = {...}, float[2] b = {0, 1}>
 * {
 *   [product] "x w" = MatMul (x, w)
 *   y = Add ("x w", b)
 * }
 * }</pre>
 *
 * <p>A node takes a line. Arrays of up to 16 elements are written out; larger ones are elided as <code>{...}</code>, and
 * an elided array is parsed as zeros, for the text is about structure. What files say beyond the records ({@link Extras})
 * is not part of the text.
 */
public final class GraphText {
    private GraphText() {}

    /** The text of a graph. */
    public static String print(Graph graph) {
        return new GraphPrinter().model(graph);
    }

    /**
     * The graph of a text. The header in angle brackets may be left out; the operator set is 17 then.
     *
     * @throws GraphException if the text is none; the message names line and column
     */
    public static Graph parse(String text) {
        return new ModelParser(new GraphLexer(text)).model();
    }
}
