package dev.graft.rewrite;

import dev.graft.graph.Functions;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph cut in two: what stays the same while some weights are trained, and the rest.
 *
 * <pre>
 * y = rest(prefix(x), x)      no trainable weight and no random operator lies in the prefix
 * </pre>
 *
 * <p>The cut is as high as it can be. Values that are made of inputs alone, such as attention masks and shapes, are not
 * cut: the rest makes them again from the inputs, for they cost nothing and depend on how rows are padded.
 *
 * @param prefix its outputs are the cut values
 * @param rest its inputs are those of the whole that it still reads, then the cut values
 * @param cut names of the values that the prefix hands to the rest
 */
public record Split(Graph prefix, Graph rest, List<String> cut) {
    private static final Set<String> RANDOM = Set.of(
            "Dropout",
            "Bernoulli",
            "Multinomial",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike");
    private static final Set<String> SIZES = Set.of("Shape", "Size");
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Conv", "Einsum", "LSTM", "GRU");

    public Split {
        cut = List.copyOf(cut);
    }

    /**
     * Cuts a graph above all that stays the same while some weights are trained.
     *
     * @param trainable names of weights
     * @return empty where nothing that is worth its storage lies below the cut: no product with a weight
     */
    public static Optional<Split> below(Graph graph, Set<String> trainable) {
        Graph whole = Functions.inline(graph);
        Marks marks = Marks.of(whole, trainable);
        List<Node> nodes = marks.rest(whole);
        List<String> cut = marks.cut(whole, nodes);
        if (cut.isEmpty()) {
            return Optional.empty();
        }
        Graph prefix = reading(Prune.unread(whole.withOutputs(declared(cut))));
        if (products(prefix) == 0) {
            return Optional.empty();
        }
        var inputs = new ArrayList<>(whole.main().inputs());
        inputs.addAll(declared(cut));
        Graph rest = Prune.unread(whole.with(block -> block.withNodes(nodes).withInputs(inputs)));
        return Optional.of(new Split(prefix, reading(rest), cut));
    }

    /** The values that inputs and weights together make; what is made of sizes alone is not among them. */
    static Set<String> costly(Graph graph) {
        return Marks.of(graph, Set.of()).costly();
    }

    /** This split with the types and shapes of its cut values declared, which fusing the rest needs. */
    public Split declaring(List<ValueInfo> values) {
        List<ValueInfo> inputs = rest.main().inputs().stream()
                .map(input -> values.stream()
                        .filter(value -> value.name().equals(input.name()))
                        .findFirst()
                        .orElse(input))
                .toList();
        return new Split(prefix, rest.withInputs(inputs), cut);
    }

    /** The share of the whole's weights in products that the prefix holds, 0 to 1: about the work that is saved. */
    public double share() {
        long below = products(prefix);
        return (double) below / Math.max(1, below + products(rest));
    }

    private static long products(Graph graph) {
        Map<String, Array> weights = graph.weights();
        return graph.nodes().stream()
                .filter(node -> PRODUCTS.contains(node.operator()))
                .flatMap(node -> node.inputs().stream())
                .map(weights::get)
                .filter(java.util.Objects::nonNull)
                .mapToLong(Array::elements)
                .sum();
    }

    private static List<ValueInfo> declared(List<String> names) {
        return names.stream()
                .map(name -> new ValueInfo(
                        name, Optional.of(ElementType.FLOAT), Optional.empty(), dev.graft.graph.Extras.NONE))
                .toList();
    }

    /** The graph without inputs that nothing reads. */
    private static Graph reading(Graph graph) {
        var read = new HashSet<String>();
        graph.nodes().forEach(node -> read.addAll(Links.readings(node)));
        graph.outputs().forEach(output -> read.add(output.name()));
        return graph.withInputs(graph.main().inputs().stream()
                .filter(input -> read.contains(input.name()))
                .toList());
    }

    /**
     * What is known of each value.
     *
     * @param moving values that a trainable weight or chance has a part in
     * @param costly values that inputs and weights together make; sizes of such values are not
     */
    private record Marks(Set<String> moving, Set<String> costly) {
        static Marks of(Graph graph, Set<String> trainable) {
            var moving = new HashSet<>(trainable);
            var costly = new HashSet<String>();
            var variable = new HashSet<String>();
            graph.inputs().forEach(input -> variable.add(input.name()));
            for (Node node : graph.nodes()) {
                Set<String> read = Links.readings(node);
                if (RANDOM.contains(node.operator()) || read.stream().anyMatch(moving::contains)) {
                    moving.addAll(node.outputs());
                }
                if (read.stream().anyMatch(variable::contains)) {
                    variable.addAll(node.outputs());
                    if (!SIZES.contains(node.operator())
                            && read.stream().anyMatch(name -> costly.contains(name) || learned(graph, name))) {
                        costly.addAll(node.outputs());
                    }
                }
            }
            return new Marks(moving, costly);
        }

        private static boolean learned(Graph graph, String name) {
            Array weight = graph.weights().get(name);
            return weight != null && weight.type().isFloating() && weight.elements() > 1;
        }

        private boolean staysCostly(String value) {
            return costly.contains(value) && !moving.contains(value);
        }

        /** The nodes of the rest: those that an output which changes needs and that are not the prefix's to compute. */
        List<Node> rest(Graph graph) {
            var needed = new HashSet<String>();
            graph.outputs().stream()
                    .map(ValueInfo::name)
                    .filter(moving::contains)
                    .forEach(needed::add);
            var nodes = new ArrayList<Node>();
            for (int i = graph.nodes().size() - 1; i >= 0; i--) {
                Node node = graph.nodes().get(i);
                if (node.outputs().stream().anyMatch(needed::contains)
                        && node.outputs().stream().noneMatch(this::staysCostly)) {
                    nodes.add(node);
                    needed.addAll(Links.readings(node));
                }
            }
            Collections.reverse(nodes);
            return nodes;
        }

        /** What the rest reads of the prefix; nothing where there is no rest. */
        List<String> cut(Graph graph, List<Node> rest) {
            var cut = new LinkedHashSet<String>();
            rest.forEach(node ->
                    Links.readings(node).stream().filter(this::staysCostly).forEach(cut::add));
            if (!rest.isEmpty()) {
                graph.outputs().stream()
                        .map(ValueInfo::name)
                        .filter(this::staysCostly)
                        .forEach(cut::add);
            }
            return List.copyOf(cut);
        }
    }
}
