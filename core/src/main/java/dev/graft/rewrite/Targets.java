package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import java.util.Arrays;
import java.util.List;

/**
 * The linear layers that an adapter goes to, as a user names them: {@code query,value}, {@code all-linear}, or a {@link
 * Selector} in its text form.
 */
public final class Targets {
    /** Every linear layer but the head. */
    public static final String ALL = "all-linear";

    private Targets() {}

    /**
     * The selector of a text. A name means every layer whose path ends in it; its parts may be joined by dots.
     *
     * @throws InputException if the text is no selector and no list of names
     */
    public static Selector selector(String text) {
        if (text.contains("(")) {
            return Selector.parse(text);
        }
        if (text.equals(ALL)) {
            return Selector.and(
                    Selector.or(Selector.operator("MatMul"), Selector.operator("Gemm")),
                    Selector.not(Selector.scope("classifier")));
        }
        return Selector.or(names(text).stream().map(Targets::named).toArray(Selector[]::new));
    }

    /**
     * Refuses names that no linear layer of a graph has.
     *
     * @throws InputException that lists them all, and the names that there are
     */
    public static void requireKnown(Graph graph, String text) {
        if (text.contains("(") || text.equals(ALL)) {
            return;
        }
        List<Product> layers = Product.all(graph);
        List<String> unknown = names(text).stream()
                .filter(name -> layers.stream().noneMatch(layer -> named(name).selects(layer.site())))
                .toList();
        if (!unknown.isEmpty()) {
            List<String> known = layers.stream()
                    .map(layer -> layer.module().substring(layer.module().lastIndexOf('.') + 1))
                    .distinct()
                    .sorted()
                    .toList();
            throw new InputException("--lora-target-modules names " + unknown
                    + ", but no linear layer of the model is called so; there are " + known
                    + Suggestion.text(unknown.get(0), known));
        }
    }

    private static Selector named(String name) {
        return Selector.scope("**/" + name.replace('.', '/'));
    }

    private static List<String> names(String text) {
        List<String> names =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (names.stream().anyMatch(String::isEmpty)) {
            throw new InputException(
                    "--lora-target-modules must be names of layers apart by commas, such as query,value;"
                            + " all-linear; or a selector, such as scope(**/query); not '" + text + "'");
        }
        return names;
    }
}
