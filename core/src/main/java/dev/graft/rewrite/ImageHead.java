package dev.graft.rewrite;

import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts an image network at its features and grafts a linear classifier on them.
 *
 * <pre>
 * features [rows, width] ── Gemm (old classes) ── Softmax        ⇒  features ── Gemm (new classes)
 * features [rows, width, h, w] ── Conv (old classes) ── pooling  ⇒  features ── GlobalAveragePool ── Gemm (new classes)
 * features [rows, width, h, w], the output itself                ⇒  features ── GlobalAveragePool ── Gemm (new classes)
 * </pre>
 *
 * <p>The new graph has one output, {@link ClassifierHead#LOGITS}, and the new weights have the names that {@link
 * ClassifierHead} gives; whatever only the old outputs needed is dropped. To cut a network elsewhere, declare the value
 * to cut at as its output first ({@link Graph#withOutputs}).
 *
 * @param classes the number of outputs: of labels, 2 or more, or 1 for a number
 * @param seed of the weight's values
 */
public record ImageHead(int classes, long seed) implements Rewrite {
    private static final int IMAGE = 4;
    private static final int VECTOR = 2;
    private static final Set<String> POOLS = Set.of("GlobalAveragePool", "GlobalMaxPool", "AveragePool", "ReduceMean");
    private static final Set<String> PASSED =
            Set.of("Softmax", "LogSoftmax", "Sigmoid", "Identity", "Reshape", "Flatten", "Squeeze", "Dropout", "Relu");

    public ImageHead {
        classes = Classifier.checked(classes);
    }

    /**
     * The graph with the head.
     *
     * @throws GraphException if neither a classifier nor features can be found at the first output
     */
    @Override
    public Graph apply(Graph network) {
        Features features = features(network);
        Graph trunk = Prune.unread(network.withOutputs(
                List.of(new ValueInfo(features.value(), Optional.empty(), Optional.empty(), Extras.NONE))));
        Builder builder = new Builder(trunk, "classifier");
        String vectors = features.value();
        if (features.rank() == IMAGE) {
            String pooled = builder.node("GlobalAveragePool", "pooled", vectors);
            vectors = builder.node("Flatten", "features", pooled);
        }
        return new Classifier(classes, seed).on(trunk, builder, vectors, features.width());
    }

    /**
     * What the new classifier reads.
     *
     * @param rank 2 for a vector a row, 4 for one a row and place
     */
    private record Features(String value, int rank, int width) {}

    private static Features features(Graph network) {
        ValueInfo output = network.outputs().get(0);
        return oldClassifier(network, output.name())
                .or(() -> declared(output))
                .orElseThrow(() -> new GraphException("No classifier and no features are to be seen at output '"
                        + output.name() + "': expected a product or convolution with a weight before it, or a declared"
                        + " shape [rows, width] or [rows, width, height, width]; declare the value to cut at as the"
                        + " output"));
    }

    /** The operand of the last product, or of the last convolution if its places are pooled after it. */
    private static Optional<Features> oldClassifier(Graph network, String output) {
        Links links = Links.of(network);
        Map<String, Array> weights = network.weights();
        boolean pooled = false;
        Optional<Node> node = links.producer(output);
        while (node.isPresent()) {
            Node last = node.get();
            Array weight = weights.get(last.input(1));
            if ((last.is("Gemm") || last.is("MatMul")) && weight != null && weight.rank() == VECTOR) {
                boolean transposed = last.is("Gemm") && last.whole("transB", 0) != 0;
                return Optional.of(
                        new Features(last.input(0), VECTOR, Math.toIntExact(weight.size(transposed ? 1 : 0))));
            }
            if (last.is("Conv") && weight != null && isPointwise(weight) && pooled) {
                long width = Math.multiplyExact(weight.size(1), last.whole("group", 1));
                return Optional.of(new Features(last.input(0), IMAGE, Math.toIntExact(width)));
            }
            pooled |= POOLS.contains(last.operator());
            node = passed(last, weights).flatMap(links::producer);
        }
        return Optional.empty();
    }

    /** The operand that a node hands on: a bias may be added on the way, but two branches are never parted. */
    private static Optional<String> passed(Node node, Map<String, Array> weights) {
        if (POOLS.contains(node.operator()) || PASSED.contains(node.operator())) {
            return Optional.of(node.input(0));
        }
        return node.is("Add") && node.inputs().stream().anyMatch(weights::containsKey)
                ? node.inputs().stream()
                        .filter(input -> !weights.containsKey(input))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isPointwise(Array weight) {
        return weight.rank() == IMAGE && weight.size(2) == 1 && weight.size(3) == 1;
    }

    private static Optional<Features> declared(ValueInfo output) {
        return output.shape()
                .filter(shape -> shape.size() == VECTOR || shape.size() == IMAGE)
                .filter(shape -> shape.get(1) instanceof Dimension.Fixed)
                .map(shape -> new Features(
                        output.name(), shape.size(), Math.toIntExact(((Dimension.Fixed) shape.get(1)).size())));
    }
}
