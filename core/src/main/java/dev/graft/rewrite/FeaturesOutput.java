package dev.graft.rewrite;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives out what a linear classifier reads: the pooled features of the encoder below it.
 *
 * <pre>
 * pooled [rows, width]  ⇒  logits = pooled · weightᵀ + bias      becomes
 * pooled [rows, width]  ⇒  logits, features = pooled
 * </pre>
 *
 * <p>A graph whose first output is not made by a {@code Gemm} with a weight, and that has none with
 * {@link ClassifierHead#WEIGHT}, has no such features and stays as it is.
 */
public final class FeaturesOutput implements Rewrite {
    /** The name of the added output. */
    public static final String FEATURES = "features";

    @Override
    public Graph apply(Graph graph) {
        Optional<Node> head = head(graph);
        if (head.isEmpty()) {
            return graph;
        }
        Node classifier = head.get();
        String name = Names.in(graph).fresh(FEATURES);
        Array weight = weight(graph, classifier).orElseThrow();
        long width = weight.size(classifier.whole("transB", 0) == 1 ? 1 : 0);
        var outputs = new ArrayList<>(graph.outputs());
        outputs.add(
                ValueInfo.of(name, ElementType.FLOAT, new Dimension.Symbol("batch_size"), new Dimension.Fixed(width)));
        Node identity = Node.of("Identity", name, classifier.input(0)).named("/" + name);
        return graph.appending(List.of(identity), Map.of(), outputs);
    }

    /** Whether {@link #apply} adds the output to this graph. */
    public static boolean fits(Graph graph) {
        return head(graph).isPresent();
    }

    private static Optional<Node> head(Graph graph) {
        Links links = Links.of(graph);
        return graph.outputs().stream()
                .findFirst()
                .flatMap(output -> links.producer(output.name(), "Gemm"))
                .or(() -> graph.nodes().stream()
                        .filter(node -> node.is("Gemm") && node.input(1).equals(ClassifierHead.WEIGHT))
                        .findFirst())
                .filter(gemm -> gemm.whole("transA", 0) == 0)
                .filter(gemm -> gemm.real("alpha", 1) == 1)
                .filter(gemm -> weight(graph, gemm).isPresent());
    }

    private static Optional<Array> weight(Graph graph, Node gemm) {
        return Optional.ofNullable(graph.weights().get(gemm.input(1))).filter(weight -> weight.rank() == 2);
    }
}
