package dev.graft.rewrite;

import static dev.graft.rewrite.fusion.FusedOperators.ATTENTION;
import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.DROPOUT_ADD;
import static dev.graft.rewrite.fusion.FusedOperators.LAYER_NORM;
import static dev.graft.rewrite.fusion.FusedOperators.LINEAR;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts dropout back where encoders are trained with it and exporters drop it (Devlin et al. 2019, Vaswani et al. 2017).
 *
 * <pre>
 * embeddings:  LayerNorm(sum)              ⇒  Dropout(LayerNorm(sum))
 * attention:   softmax(q·kᵀ) · v           ⇒  dropout(softmax(q·kᵀ)) · v
 * sub-layer:   Add(Linear(x), residual)    ⇒  DropoutAdd(Linear(x), residual)
 * classifier:  Linear(pooled) = logits     ⇒  Linear(Dropout(pooled)) = logits
 * </pre>
 *
 * <p>The graph is expected fused. It computes the same as before outside training. A graph that holds {@code Dropout}
 * already is returned as it is.
 *
 * @param rate the share of values that is zeroed, 0 up to 1; 0 changes nothing
 * @param headRate the same for what the classifier reads
 */
public record InsertDropout(double rate, double headRate) implements Rewrite {
    private static final long RATIO_AS_INPUT = 12;
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Conv", "Einsum", LINEAR, ATTENTION);

    public InsertDropout {
        check(rate);
        check(headRate);
    }

    /** One rate throughout. */
    public InsertDropout(double rate) {
        this(rate, rate);
    }

    private static void check(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new InputException("The dropout rate must be 0 or more and below 1, not " + rate);
        }
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().anyMatch(node -> node.is("Dropout"))) {
            return graph;
        }
        Graph trunk = rate == 0 ? graph : trunk(graph);
        return headRate == 0 ? trunk : Rules.each(this::classifier).apply(trunk);
    }

    private Graph trunk(Graph graph) {
        Set<String> early = beforeAnyProduct(graph);
        return Rules.each(
                        (links, node) -> attention(node),
                        (links, node) -> residual(links, node),
                        (links, node) -> after(links, node, isSoftmaxOfAttention(links, node)),
                        (links, node) -> after(links, node, isEmbeddingNorm(node, early)))
                .apply(graph);
    }

    private Optional<Patch> attention(Node node) {
        return fused(node, ATTENTION)
                ? Optional.of(Patch.of(node.with("dropout", new Attribute.Real((float) rate))))
                : Optional.empty();
    }

    private Optional<Patch> residual(Links links, Node node) {
        if (!node.is("Add")) {
            return Optional.empty();
        }
        int branch = isBranch(links, node.input(0)) ? 0 : 1;
        String residual = node.input(1 - branch);
        boolean goesAround = links.producer(residual).isPresent()
                && links.onlyReader(residual).isEmpty();
        if (!isBranch(links, node.input(branch)) || !goesAround) {
            return Optional.empty();
        }
        Node joined = new Node(
                node.name(),
                DROPOUT_ADD,
                DOMAIN,
                List.of(node.input(branch), residual),
                node.outputs(),
                Map.of("rate", new Attribute.Real((float) rate)),
                node.extras());
        return Optional.of(Patch.of(joined));
    }

    private static boolean isBranch(Links links, String value) {
        return links.onlyReader(value).isPresent()
                && links.producer(value).filter(node -> fused(node, LINEAR)).isPresent();
    }

    private static boolean isSoftmaxOfAttention(Links links, Node node) {
        return node.is("Softmax")
                && links.onlyReader(node.output())
                        .filter(reader -> reader.is("MatMul"))
                        .isPresent();
    }

    private static boolean isEmbeddingNorm(Node node, Set<String> early) {
        boolean norm = fused(node, LAYER_NORM) || node.is("LayerNormalization");
        return norm && early.contains(node.output());
    }

    /** Lets the node define another value, of which dropout makes the value that is read. */
    private Optional<Patch> after(Links links, Node node, boolean applies) {
        if (!applies) {
            return Optional.empty();
        }
        String kept = Names.in(links.graph()).fresh(node.output() + "_kept");
        Patch dropout = node(links.graph(), rate, node.output(), kept);
        return Optional.of(
                new Patch(List.of(node.defining(List.of(kept)), dropout.nodes().get(0)), dropout.weights()));
    }

    private Optional<Patch> classifier(Links links, Node node) {
        boolean head = node.outputs().contains(ClassifierHead.LOGITS) && (fused(node, LINEAR) || node.is("Gemm"));
        if (!head) {
            return Optional.empty();
        }
        String kept = Names.in(links.graph()).fresh(node.input(0) + "_kept");
        Patch dropout = node(links.graph(), headRate, kept, node.input(0));
        List<String> operands = new java.util.ArrayList<>(node.inputs());
        operands.set(0, kept);
        return Optional.of(new Patch(List.of(dropout.nodes().get(0), node.reading(operands)), dropout.weights()));
    }

    /** A node that zeroes values of its input while the graph learns, in the spelling of the graph's operator set. */
    static Patch node(Graph graph, double rate, String output, String input) {
        if (graph.opset() < RATIO_AS_INPUT) {
            Node node = Node.of("Dropout", output, input).with("ratio", new Attribute.Real((float) rate));
            return Patch.of(node);
        }
        String ratio = Names.in(graph).fresh(output + "_ratio");
        return new Patch(List.of(Node.of("Dropout", output, input, ratio)), Map.of(ratio, Array.scalar((float) rate)));
    }

    /** The values on whose way no product with a weight lies: embeddings and what is made of them alone. */
    private static Set<String> beforeAnyProduct(Graph graph) {
        Set<String> late = new HashSet<>();
        Set<String> early = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean isLate = PRODUCTS.contains(node.operator())
                    || Links.readings(node).stream().anyMatch(late::contains);
            (isLate ? late : early).addAll(node.outputs());
        }
        return early;
    }

    private static boolean fused(Node node, String operator) {
        return node.domain().equals(DOMAIN) && node.operator().equals(operator);
    }
}
