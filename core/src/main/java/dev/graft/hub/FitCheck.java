package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** Whether a tokenizer fits a model: every id must have a row in the table of embeddings. */
public final class FitCheck {
    private static final String IDS = "input_ids";
    private static final Set<String> KEEPING_VALUES =
            Set.of("Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose");

    private FitCheck() {}

    /**
     * Refuses a tokenizer whose ids reach beyond the model's table.
     *
     * @param vocabularySize the tokenizer's highest id and one
     * @param tokenizer names it in the error
     * @throws InputException if so
     */
    public static void check(Graph graph, int vocabularySize, String tokenizer) {
        OptionalLong rows = embeddings(graph);
        if (rows.isPresent() && vocabularySize > rows.getAsLong()) {
            throw new InputException("The tokenizer " + tokenizer + " does not fit the model: its ids go up to "
                    + (vocabularySize - 1) + ", but the model has embeddings for " + rows.getAsLong()
                    + " tokens; take the tokenizer.json that was published with the model");
        }
    }

    /** The rows of the weight that is gathered by {@code input_ids}; empty where the graph has no such node. */
    static OptionalLong embeddings(Graph graph) {
        Links links = Links.of(graph);
        var names = new ArrayDeque<String>(Set.of(IDS));
        var seen = new HashSet<String>(names);
        while (!names.isEmpty()) {
            String name = names.remove();
            for (Node reader : links.readers(name)) {
                Array table = graph.weights().get(reader.input(0));
                if (reader.is("Gather") && reader.input(1).equals(name) && table != null && table.rank() == 2) {
                    return OptionalLong.of(table.size(0));
                }
                if (KEEPING_VALUES.contains(reader.operator()) && seen.add(reader.output())) {
                    names.add(reader.output());
                }
            }
        }
        return OptionalLong.empty();
    }
}
