package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets a linear head read lower layers of its encoder too, each vector at length 1.
 *
 * <pre>
 * logits = pooled · weightᵀ + bias
 *   ⇒  logits = [pooled / |pooled|, low / |low|, …] · [weight, 0, …]ᵀ + bias      low = mean of a layer's token vectors
 * </pre>
 *
 * <p>What a sentence encoder is trained to forget, such as how a question is put, its lower layers still hold (Tenney et
 * al. 2019; Peters et al. 2018 read a mix of layers). The layers are those at five, four and one sixth of the depth. The
 * head says what it said of the vector of length 1 until the new columns of its weight are learned.
 *
 * <p>Where no blocks are recognised, the graph has no {@code attention_mask}, or its head reads no vector of tokens, the
 * head reads its own vector alone, at length 1. A graph without {@link ClassifierHead#WEIGHT} stays as it is.
 */
public final class LayerFeatures implements Rewrite {
    private static final String MASK = "attention_mask";
    private static final Set<String> POOLS = Set.of("Div", "Gather");
    private static final int STEPS_OF_POOLING = 3;
    private static final double[] DEPTHS = {5.0 / 6, 4.0 / 6, 1.0 / 6};

    @Override
    public Graph apply(Graph graph) {
        Links links = Links.of(graph);
        Optional<Node> head = graph.nodes().stream()
                .filter(node -> node.is("Gemm") && node.input(1).equals(ClassifierHead.WEIGHT))
                .findFirst();
        if (head.isEmpty()) {
            return graph;
        }
        Set<String> layers = tokens(links, head.get())
                .map(last -> layers(graph, links, last))
                .orElse(Set.of());
        return layers.isEmpty() ? new UnitFeatures().apply(graph) : reading(graph, head.get(), layers);
    }

    /** The number of vectors that the head of a graph reads, one behind the other. */
    public static int count(Graph graph) {
        Links links = Links.of(graph);
        return graph.nodes().stream()
                .filter(node -> node.is("Gemm") && node.input(1).equals(ClassifierHead.WEIGHT))
                .flatMap(head -> links.producer(head.input(0), "Concat").stream())
                .mapToInt(layers -> layers.inputs().size())
                .findFirst()
                .orElse(1);
    }

    private static Graph reading(Graph graph, Node head, Set<String> layers) {
        Builder builder = new Builder(graph, "classifier");
        String column = builder.unsqueeze("layer_mask", builder.cast("layer_tokens", MASK, ElementType.FLOAT), 2);
        List<String> vectors = new ArrayList<>(List.of(unit(builder, head.input(0))));
        for (String layer : layers) {
            String kept = builder.node("Mul", "layer_kept", layer, column);
            vectors.add(unit(builder, builder.reduceSum("layer_total", kept, 1)));
        }
        String all = builder.add(
                Node.of("Concat", "layers", vectors.toArray(String[]::new)).with("axis", new Attribute.Whole(-1)));
        List<String> inputs = new ArrayList<>(head.inputs());
        inputs.set(0, all);
        List<Node> nodes = new ArrayList<>(graph.nodes());
        int place = nodes.indexOf(head);
        nodes.set(place, head.reading(inputs));
        nodes.addAll(place, builder.nodes());
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(builder.weights());
        weights.computeIfPresent(ClassifierHead.WEIGHT, (name, weight) -> widened(weight, vectors.size()));
        return graph.withNodes(nodes, weights);
    }

    /** A sum has the direction of a mean, so the number of tokens plays no part. */
    private static String unit(Builder builder, String vector) {
        return builder.add(Node.of("LpNormalization", "unit", vector)
                .with("axis", new Attribute.Whole(-1))
                .with("p", new Attribute.Whole(2)));
    }

    /** The weight [classes, width] with zeros behind each row: [classes, times · width]. */
    private static Array widened(Array weight, int times) {
        int classes = Math.toIntExact(weight.size(0));
        int width = Math.toIntExact(weight.size(1));
        float[] from = weight.floats();
        float[] to = new float[Math.multiplyExact(from.length, times)];
        for (int label = 0; label < classes; label++) {
            System.arraycopy(from, label * width, to, label * width * times, width);
        }
        return Array.of(to, classes, (long) width * times);
    }

    /** The token vectors that the head's vector is made of. */
    private static Optional<Node> tokens(Links links, Node head) {
        boolean masked = links.graph().inputs().stream().map(ValueInfo::name).anyMatch(MASK::equals);
        Optional<Node> pool = links.producer(head.input(0)).filter(node -> POOLS.contains(node.operator()));
        if (!masked || pool.isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> node = links.producer(pool.get().input(0));
        for (int i = 0; i < STEPS_OF_POOLING && node.isPresent() && isPooling(node.get()); i++) {
            node = links.producer(node.get().input(0));
        }
        return node;
    }

    private static boolean isPooling(Node node) {
        return node.output().startsWith("classifier/");
    }

    /** The values that correspond to the last layer's, of those below it. */
    private static Set<String> layers(Graph graph, Links links, Node last) {
        Depths depths = Depths.of(graph);
        Set<String> layers = new LinkedHashSet<>();
        for (double depth : DEPTHS) {
            int block = (int) Math.round(depth * depths.blocks());
            if (depths.blocks() > 0 && block < depths.blocks()) {
                above(graph, depths, block)
                        .flatMap(split -> counterpart(links, split, last))
                        .ifPresent(layers::add);
            }
        }
        return layers;
    }

    private static Optional<Split> above(Graph graph, Depths depths, int block) {
        Set<String> deeper = graph.weights().keySet().stream()
                .filter(name -> depths.depth(name) > block)
                .collect(Collectors.toSet());
        return Split.below(graph, deeper);
    }

    private static Optional<String> counterpart(Links links, Split split, Node last) {
        List<String> alike = split.cut().stream()
                .filter(value -> links.producer(value, last.operator()).isPresent() && !value.equals(last.output()))
                .toList();
        return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }
}
