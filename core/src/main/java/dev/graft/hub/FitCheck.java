package dev.graft.hub;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a tokenizer fits a model: every id and every position must have a row in its table of embeddings. */
public final class FitCheck {
    private static final String IDS = "input_ids";
    private static final String TYPES = "token_type_ids";

    /** Smaller tables hold types of tokens, whose input an export may have lost. */
    private static final long LEAST_POSITIONS = 32;

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

    /**
     * Refuses a length beyond the model's table of positions.
     *
     * @param maxLength the most tokens of a text
     * @throws InputException if so
     */
    public static void checkLength(Graph graph, int maxLength) {
        OptionalLong rows = positions(graph);
        if (rows.isPresent() && maxLength > rows.getAsLong()) {
            throw new InputException("--max-length must be " + rows.getAsLong() + " or less, not " + maxLength
                    + ": the model has embeddings for that many positions");
        }
    }

    /**
     * The rows of the largest table that is gathered by something other than the ids of tokens or their types; empty
     * where there is none, as in models with relative positions.
     */
    static OptionalLong positions(Graph graph) {
        Set<Node> byInput = new HashSet<>(readers(graph, IDS));
        byInput.addAll(readers(graph, TYPES));
        return graph.nodes().stream()
                .filter(node -> node.is("Gather") && !byInput.contains(node))
                .map(node -> graph.weights().get(node.input(0)))
                .filter(FitCheck::isTable)
                .mapToLong(table -> table.size(0))
                .filter(rows -> rows >= LEAST_POSITIONS)
                .max();
    }

    private static boolean isTable(@Nullable Array weight) {
        return weight != null && weight.rank() == 2 && weight.type().isFloating();
    }

    /** The rows of the weight that is gathered by {@code input_ids}; empty where the graph has no such node. */
    static OptionalLong embeddings(Graph graph) {
        return readers(graph, IDS).stream()
                .map(node -> graph.weights().get(node.input(0)))
                .filter(table -> table != null && table.rank() == 2)
                .mapToLong(table -> table.size(0))
                .findFirst();
    }

    /** The nodes that gather by the values of an input. */
    private static List<Node> readers(Graph graph, String input) {
        Links links = Links.of(graph);
        List<Node> found = new ArrayList<>();
        var names = new ArrayDeque<String>(Set.of(input));
        var seen = new HashSet<String>(names);
        while (!names.isEmpty()) {
            String name = names.remove();
            for (Node reader : links.readers(name)) {
                if (reader.is("Gather") && reader.input(1).equals(name)) {
                    found.add(reader);
                } else if (KEEPING_VALUES.contains(reader.operator()) && seen.add(reader.output())) {
                    names.add(reader.output());
                }
            }
        }
        return found;
    }
}
