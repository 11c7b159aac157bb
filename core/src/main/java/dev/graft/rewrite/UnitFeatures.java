package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the features that a linear head reads to length 1, so that their direction alone decides.
 *
 * <pre>
 * logits = pooled · weightᵀ + bias  ⇒  logits = pooled / |pooled| · weightᵀ + bias
 * </pre>
 *
 * <p>Sentence encoders are trained by the cosine between texts (Reimers and Gurevych 2019), in which lengths play no part.
 * A graph without {@link ClassifierHead#WEIGHT} stays as it is.
 */
public final class UnitFeatures implements Rewrite {
    private static final String UNIT = "classifier/unit";

    @Override
    public Graph apply(Graph graph) {
        return Rules.each((links, node) -> unit(node)).apply(graph);
    }

    private static Optional<Patch> unit(Node node) {
        if (!node.is("Gemm") || !node.input(1).equals(ClassifierHead.WEIGHT)) {
            return Optional.empty();
        }
        Node length = Node.of("LpNormalization", UNIT, node.input(0))
                .named("/" + UNIT)
                .with("axis", new Attribute.Whole(-1))
                .with("p", new Attribute.Whole(2));
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, UNIT);
        return Optional.of(Patch.of(length, node.reading(inputs)));
    }
}
