package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Grafts a head that tells tokens on a text encoder, whose table of word embeddings is its weight (Press and Wolf 2017).
 *
 * <pre>
 * tokens [rows, length, width], places [n, 2]  ⇒  read [n, width] = tokens at the places, through a layer
 *                                                 logits [n, vocabulary] = read · tableᵀ + bias
 * </pre>
 *
 * <p>The table is the weight that a {@code Gather} reads by {@code input_ids}; it stays one weight, which learns from both
 * sides. The layer between begins as the identity, the bias as zero. The graph has one output, {@code logits}, and one
 * more input, {@value #PLACES}: row and position of each token that is asked for.
 */
public final class LanguageModelHead implements Rewrite {
    /** The name of the added input, int64 [n, 2]. */
    public static final String PLACES = "masked_places";

    private static final String SCOPE = "language_model";
    private static final long GATHER_ND = 11;

    /** @throws GraphException if the graph has no table of word embeddings as wide as its token vectors */
    @Override
    public Graph apply(Graph trunk) {
        String table = WordEmbeddings.in(trunk)
                .map(words -> words.input(0))
                .orElseThrow(() -> new GraphException(
                        "The graph has no vocabulary to predict: no Gather reads a table of float32 weights by the input '"
                                + WordEmbeddings.IDS + "'"));
        if (trunk.opset() < GATHER_ND) {
            throw new GraphException("A language model's head needs operator set " + GATHER_ND
                    + " or later (GatherND), but the graph is of " + trunk.opset());
        }
        Array words = Objects.requireNonNull(trunk.weights().get(table));
        String tokens = tokens(trunk, words.size(1));
        Builder builder = new Builder(trunk, SCOPE);
        String read = builder.node("GatherND", "read", tokens, PLACES);
        String dense = builder.weight("dense", identity(Math.toIntExact(words.size(1))));
        String layer = builder.node("MatMul", "layer", read, dense);
        String turned =
                builder.add(Node.of("Transpose", "words", table).with("perm", new Attribute.Wholes(List.of(1L, 0L))));
        String scores = builder.node("MatMul", "scores", layer, turned);
        int vocabulary = Math.toIntExact(words.size(0));
        String bias = builder.weight("bias", Array.of(new float[vocabulary], vocabulary));
        builder.define(Node.of("Add", ClassifierHead.LOGITS, scores, bias));
        ValueInfo logits = ValueInfo.of(
                ClassifierHead.LOGITS,
                ElementType.FLOAT,
                new Dimension.Symbol("masked"),
                new Dimension.Fixed(vocabulary));
        ValueInfo places =
                ValueInfo.of(PLACES, ElementType.INT64, new Dimension.Symbol("masked"), new Dimension.Fixed(2));
        List<ValueInfo> inputs =
                Stream.concat(trunk.main().inputs().stream(), Stream.of(places)).toList();
        Graph asked = trunk.with(block -> block.withInputs(inputs));
        return Prune.unread(asked.appending(builder.nodes(), builder.weights(), List.of(logits)));
    }

    private static String tokens(Graph trunk, long width) {
        return trunk.outputs().stream()
                .filter(output -> output.shape()
                        .filter(shape -> shape.size() == 3
                                && (!(shape.get(2) instanceof Dimension.Fixed fixed) || fixed.size() == width))
                        .isPresent())
                .map(ValueInfo::name)
                .findFirst()
                .orElseThrow(() -> new GraphException("The graph has no vocabulary to predict: none of its outputs "
                        + trunk.outputs().stream().map(ValueInfo::name).toList()
                        + " holds a vector of " + width + " numbers, as wide as the word embeddings, for each token"));
    }

    private static Array identity(int width) {
        float[] values = new float[width * width];
        for (int i = 0; i < width; i++) {
            values[i * width + i] = 1;
        }
        return Array.of(values, width, width);
    }
}
