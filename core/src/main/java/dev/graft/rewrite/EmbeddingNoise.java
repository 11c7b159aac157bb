package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Adds noise to word embeddings while the graph learns (NEFTune; Jain et al. 2024).
 *
 * <pre>
 * words [rows, length, width]   ⇒   words + uniform(-1, 1) · alpha / √(length · width)
 * </pre>
 *
 * <p>The noise is multiplied by {@code dropout(1) - 1} of a half, which is 1 or -1 in training and 0 outside it: there the
 * graph computes what it did.
 *
 * @param alpha how strong the noise is, 0 or more and finite; 0 changes nothing
 */
public record EmbeddingNoise(double alpha) implements Rewrite {
    private static final double HALF = 0.5;

    public EmbeddingNoise {
        if (!(alpha >= 0 && Double.isFinite(alpha))) {
            throw new InputException("The strength of embedding noise must be 0 or more, not " + alpha);
        }
    }

    /** Whether a graph has word embeddings that it looks up by {@code input_ids}. */
    public static boolean fits(Graph graph) {
        return WordEmbeddings.in(graph).isPresent();
    }

    @Override
    public Graph apply(Graph graph) {
        Optional<Node> words = alpha == 0 ? Optional.empty() : WordEmbeddings.in(graph);
        if (words.isEmpty()) {
            return graph;
        }
        String clean = words.get().output() + "/clean";
        Builder builder = new Builder(graph, "embedding_noise");
        String noise = noise(
                builder,
                clean,
                Objects.requireNonNull(graph.weights().get(words.get().input(0)))
                        .size(1));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.equals(words.get())) {
                nodes.add(node.defining(List.of(clean)));
                nodes.addAll(builder.nodes());
                nodes.add(Node.of("Add", node.output(), clean, noise).named("/embedding_noise/Add"));
            } else {
                nodes.add(node);
            }
        }
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(builder.weights());
        return graph.withNodes(nodes, weights);
    }

    private String noise(Builder builder, String words, long width) {
        String one = builder.weight("one", Array.of(new float[] {1}, 1));
        String sign = builder.node("Sub", "sign", builder.dropout("gate", one, HALF), one);
        String shape = builder.node("Shape", "shape", words);
        String second = builder.weight("second", Array.of(new long[] {1}, 1));
        String length = builder.cast("length", builder.node("Gather", "second", shape, second), ElementType.FLOAT);
        String most = builder.weight("alpha", Array.of(new float[] {(float) (alpha / Math.sqrt(width))}, 1));
        String size = builder.node("Div", "size", most, builder.node("Sqrt", "root", length));
        String uniform = builder.add(Node.of("RandomUniformLike", "uniform", words)
                .with("low", new Attribute.Real(-1))
                .with("high", new Attribute.Real(1)));
        return builder.node("Mul", "noise", uniform, builder.node("Mul", "signed", size, sign));
    }
}
