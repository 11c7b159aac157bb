package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a linear classifier one that compares directions.
 *
 * <pre>
 * logits = pooled · weightᵀ + bias   ⇒   logits = pooled / |pooled| · directionsᵀ / temperature
 * </pre>
 *
 * <p>So a logit is the cosine between a text's vector and a class's, divided by the temperature. The head stays one
 * {@code Gemm} whose weights have the classifier's names, so it can be trained further.
 *
 * @param directions float [classes, width]; each is taken at length 1
 * @param temperature more than 0
 */
public record CosineHead(Array directions, double temperature) implements Rewrite {
    private static final float LEAST_LENGTH = 1e-12f;

    public CosineHead {
        if (directions.rank() != 2 || !(temperature > 0)) {
            throw new IllegalArgumentException("A cosine head needs [classes, width] and a temperature above 0, not "
                    + directions + ", " + temperature);
        }
    }

    /** @throws GraphException if the graph has no classifier of the directions' shape */
    @Override
    public Graph apply(Graph headed) {
        Node head = Links.of(headed)
                .producer(ClassifierHead.LOGITS, "Gemm")
                .filter(gemm -> gemm.input(1).equals(ClassifierHead.WEIGHT))
                .orElseThrow(
                        () -> new GraphException("The graph has no classifier that directions can take the place of"));
        Array weight = headed.weights().get(ClassifierHead.WEIGHT);
        if (weight == null || !java.util.Arrays.equals(weight.shape(), directions.shape())) {
            throw new GraphException(
                    "The directions are " + directions + " where the classifier's weight is " + weight);
        }
        Builder builder = new Builder(headed, "cosine");
        String unit = unit(builder, head.input(0));
        List<Node> nodes = new ArrayList<>(headed.nodes());
        int place = nodes.indexOf(head);
        nodes.set(place, head.reading(List.of(unit, head.input(1), head.input(2))));
        nodes.addAll(place, builder.nodes());
        Map<String, Array> weights = new LinkedHashMap<>(headed.weights());
        weights.putAll(builder.weights());
        weights.put(ClassifierHead.WEIGHT, scaled());
        weights.put(ClassifierHead.BIAS, Array.of(new float[classes()], classes()));
        return headed.with(block -> block.withNodes(nodes).withWeights(weights));
    }

    private static String unit(Builder builder, String vectors) {
        String squares = builder.node("Mul", "squares", vectors, vectors);
        String length = builder.node("Sqrt", "length", builder.reduceSum("sum", squares, 1));
        String least = builder.weight("least_length", Array.of(new float[] {LEAST_LENGTH}));
        String divisor = builder.unsqueeze("column", builder.node("Max", "divisor", length, least), 1);
        return builder.node("Div", "unit", vectors, divisor);
    }

    private int classes() {
        return Math.toIntExact(directions.size(0));
    }

    private Array scaled() {
        float[] values = directions.floats();
        int width = Math.toIntExact(directions.size(1));
        for (int start = 0; start < values.length; start += width) {
            double squares = 0;
            for (int i = start; i < start + width; i++) {
                squares += (double) values[i] * values[i];
            }
            double factor = 1 / (Math.max(LEAST_LENGTH, Math.sqrt(squares)) * temperature);
            for (int i = start; i < start + width; i++) {
                values[i] = (float) (values[i] * factor);
            }
        }
        return Array.of(values, classes(), width);
    }
}
