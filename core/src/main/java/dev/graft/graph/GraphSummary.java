package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is inside a graph, at a glance.
 *
 * @param operators how many nodes of each operator there are, by name; those of other domains as {@code domain.Operator}
 * @param nodes how many nodes there are in all
 * @param weights what the weights of each element type come to
 * @param largest the weights that take most bytes, at most {@value #LARGEST_SHOWN}, the largest first
 * @param blocks how many repeated blocks were found
 * @param depths what the learnable weights at each depth come to: embeddings 0, blocks 1 to {@code blocks}, then the head
 */
public record GraphSummary(
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        Map<String, Integer> operators,
        int nodes,
        Map<ElementType, Weights> weights,
        List<Weight> largest,
        int blocks,
        Map<Integer, Weights> depths) {
    private static final int LARGEST_SHOWN = 5;

    public GraphSummary {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = Collections.unmodifiableMap(new TreeMap<>(operators));
        weights = Collections.unmodifiableMap(new TreeMap<>(weights));
        largest = List.copyOf(largest);
        depths = Collections.unmodifiableMap(new TreeMap<>(depths));
    }

    /**
     * How many arrays, how many numbers in them, and how many bytes they take.
     *
     * @param arrays how many arrays
     * @param elements how many numbers they hold together
     * @param bytes the bytes of those numbers
     */
    public record Weights(int arrays, long elements, long bytes) {
        private Weights plus(Weights other) {
            return new Weights(arrays + other.arrays, elements + other.elements, bytes + other.bytes);
        }

        private static Weights of(Array array) {
            return new Weights(1, array.elements(), array.bytes().remaining());
        }
    }

    /**
     * One weight.
     *
     * @param type element type and shape, for example {@code float[64,3,7,7]}
     */
    public record Weight(String name, String type, long bytes) {
        private static Weight of(String name, Array array) {
            return new Weight(name, array.toString(), array.bytes().remaining());
        }
    }

    /** The summary of a graph; bodies inside nodes are counted with their operators. */
    public static GraphSummary of(Graph graph) {
        Sites sites = Sites.of(graph);
        var operators = new TreeMap<String, Integer>();
        count(graph.main(), operators);
        var types = new EnumMap<ElementType, Weights>(ElementType.class);
        graph.weights().values().forEach(array -> types.merge(array.type(), Weights.of(array), Weights::plus));
        var depths = new TreeMap<Integer, Weights>();
        sites.weights().stream()
                .filter(WeightSite::learnable)
                .forEach(site -> depths.merge(site.depth(), Weights.of(site.array()), Weights::plus));
        return new GraphSummary(
                graph.inputs(),
                graph.outputs(),
                operators,
                operators.values().stream().mapToInt(Integer::intValue).sum(),
                types,
                largest(graph.weights()),
                sites.depths().blocks(),
                depths);
    }

    private static List<Weight> largest(Map<String, Array> weights) {
        return weights.entrySet().stream()
                .map(entry -> Weight.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Weight::bytes).reversed())
                .limit(LARGEST_SHOWN)
                .toList();
    }

    /** All weights together. */
    public Weights total() {
        return weights.values().stream().reduce(new Weights(0, 0, 0), Weights::plus);
    }

    /** The shape of a value as text: {@code float[batch,sequence,384]}; {@code ?} for what is not declared. */
    public static String shape(ValueInfo value) {
        return value.type().map(ElementType::text).orElse("?")
                + value.shape().map(shape -> shape.toString().replace(" ", "")).orElse("");
    }

    private static void count(Block block, Map<String, Integer> operators) {
        for (Node node : block.nodes()) {
            String name = node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
            operators.merge(name, 1, Integer::sum);
            Bodies.of(node).forEach(body -> count(body, operators));
        }
    }
}
