package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Grafts a linear classifier on a text encoder.
 *
 * <pre>
 * tokens [rows, length, width]  ⇒  pooled [rows, width]  ⇒  logits [rows, classes] = pooled · weightᵀ + bias
 * </pre>
 *
 * <p>The new graph has one output, {@value #LOGITS}; whatever only the old outputs needed is dropped. The weight is drawn
 * from a normal distribution of deviation 0.02 and the bias is zero, as in BERT (Devlin et al. 2019).
 *
 * @param classes the number of outputs: of labels, 2 or more, or 1 for a number
 * @param seed of the weight's values
 */
public record ClassifierHead(Pooling pooling, int classes, long seed) implements Rewrite {
    /** The name of the output. */
    public static final String LOGITS = "logits";
    /** The name of the weight, [classes, width]. */
    public static final String WEIGHT = "classifier.weight";
    /** The name of the bias, [classes]. */
    public static final String BIAS = "classifier.bias";

    private static final String MASK = "attention_mask";
    private static final List<String> TOKEN_OUTPUTS = List.of("last_hidden_state", "token_embeddings", "hidden_states");
    private static final List<String> VECTOR_OUTPUTS = List.of("sentence_embedding", "pooler_output", "embedding");

    public ClassifierHead {
        classes = Classifier.checked(classes);
    }

    /**
     * The graph with the head.
     *
     * @throws GraphException if the graph has no output that the pooling can read, or lacks {@code attention_mask}
     */
    @Override
    public Graph apply(Graph trunk) {
        if (trunk.main().weights().containsKey(WEIGHT) || declares(trunk, LOGITS)) {
            throw new GraphException("The graph has a classifier already (output '" + LOGITS + "'); give the encoder"
                    + " without its head, whose output is last_hidden_state");
        }
        ValueInfo features = features(trunk);
        int width = width(trunk, features);
        Builder builder = new Builder(trunk, "classifier");
        String pooled = pool(trunk, builder, features.name());
        return new Classifier(classes, seed).on(trunk, builder, pooled, width);
    }

    private String pool(Graph trunk, Builder builder, String tokens) {
        return switch (pooling) {
            case MEAN -> mean(trunk, builder, tokens);
            case FIRST_TOKEN ->
                builder.add(Node.of("Gather", "first_token", tokens, builder.weight("first_index", Array.scalar(0L)))
                        .with("axis", new Attribute.Whole(1)));
            case NONE -> tokens;
        };
    }

    private static String mean(Graph trunk, Builder builder, String tokens) {
        if (trunk.inputs().stream().noneMatch(input -> input.name().equals(MASK))) {
            throw new GraphException("Mean pooling needs the input '" + MASK + "'; the graph's inputs are "
                    + trunk.inputs().stream().map(ValueInfo::name).toList());
        }
        String mask = builder.cast("mask", MASK, ElementType.FLOAT);
        String column = builder.unsqueeze("mask_column", mask, 2);
        String kept = builder.node("Mul", "kept", tokens, column);
        String total = builder.reduceSum("total", kept, 1);
        String count = builder.reduceSum("count", column, 1);
        String least = builder.weight("least_count", Array.of(new float[] {1e-9f}));
        return builder.node("Div", "pooled", total, builder.node("Max", "divisor", count, least));
    }

    private ValueInfo features(Graph trunk) {
        List<String> wanted = pooling == Pooling.NONE ? VECTOR_OUTPUTS : TOKEN_OUTPUTS;
        int rank = pooling == Pooling.NONE ? 2 : 3;
        return Stream.concat(
                        wanted.stream().flatMap(name -> named(trunk, name).stream()),
                        trunk.outputs().stream()
                                .filter(output -> output.shape().map(List::size).orElse(rank) == rank))
                .findFirst()
                .orElseThrow(() -> new GraphException("No output of the graph can carry a classifier: pooling "
                        + pooling + " needs one of rank " + rank + ", but the outputs are "
                        + trunk.outputs().stream()
                                .map(output -> output.name()
                                        + output.shape().map(Object::toString).orElse("[?]"))
                                .toList()));
    }

    private static Optional<ValueInfo> named(Graph graph, String name) {
        return graph.outputs().stream()
                .filter(output -> output.name().equals(name))
                .findFirst();
    }

    private static boolean declares(Graph graph, String output) {
        return named(graph, output).isPresent();
    }

    /** The last dimension of the features: as declared, else the size of the vector weight nearest to them. */
    private static int width(Graph trunk, ValueInfo features) {
        Optional<Dimension> declared =
                features.shape().filter(shape -> !shape.isEmpty()).map(shape -> shape.get(shape.size() - 1));
        if (declared.isPresent() && declared.get() instanceof Dimension.Fixed fixed) {
            return Math.toIntExact(fixed.size());
        }
        Links links = Links.of(trunk);
        Map<String, Array> weights = trunk.weights();
        String value = features.name();
        while (true) {
            Node producer = links.producer(value)
                    .orElseThrow(() -> new GraphException("The width of output '" + features.name()
                            + "' is neither declared nor to be seen from a weight; declare its shape in the model"));
            Optional<Array> vector = producer.inputs().stream()
                    .filter(weights::containsKey)
                    .map(weights::get)
                    .filter(weight -> weight.rank() >= 1
                            && weight.elements() > 1
                            && weight.type().isFloating())
                    .findFirst();
            if (vector.isPresent()) {
                return Math.toIntExact(vector.get().size(-1));
            }
            value = producer.input(0);
        }
    }
}
