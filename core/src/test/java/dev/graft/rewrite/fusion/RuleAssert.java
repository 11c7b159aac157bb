package dev.graft.rewrite.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.Rule;
import dev.graft.rewrite.Rules;
import java.util.List;
import java.util.function.Function;

/** What a rewrite makes of a graph's text. */
record RuleAssert(Rewrite rewrite) {
    static RuleAssert rule(Rule rule) {
        return new RuleAssert(Rules.each(rule));
    }

    static RuleAssert knowing(Function<Facts, Rule> rule) {
        return new RuleAssert(Pass.knowing(rule));
    }

    /** The graph of a text after the rewrite. */
    Graph of(String before) {
        return rewrite.apply(GraphText.parse(before));
    }

    /** Holds where the nodes, without their names, and the names of the weights are those of the other text. */
    void rewrites(String before, String after) {
        Graph actual = of(before);
        Graph expected = GraphText.parse(after);
        assertThat(nodes(actual)).containsExactlyElementsOf(nodes(expected));
        assertThat(actual.weights()).containsAllEntriesOf(expected.weights());
        assertThat(actual.weights().keySet())
                .hasSameElementsAs(expected.weights().keySet());
    }

    /** Holds where the rewrite does nothing. */
    void leavesAlone(String text) {
        Graph graph = GraphText.parse(text);
        assertThat(rewrite.apply(graph)).isSameAs(graph);
    }

    private static List<Node> nodes(Graph graph) {
        return graph.nodes().stream().map(node -> node.named("")).toList();
    }
}
