package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The node that looks up a text encoder's word embeddings. */
final class WordEmbeddings {
    /** The input by which words are looked up. */
    static final String IDS = "input_ids";

    private WordEmbeddings() {}

    /** The {@code Gather} that reads a table of float32 weights, [vocabulary, width], by {@value #IDS}, if there is one. */
    static Optional<Node> in(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> node.is("Gather") && node.input(1).equals(IDS) && node.whole("axis", 0) == 0)
                .filter(node -> isTable(graph.weights().get(node.input(0))))
                .findFirst();
    }

    private static boolean isTable(@Nullable Array weight) {
        return weight != null && weight.rank() == 2 && weight.type() == ElementType.FLOAT;
    }
}
