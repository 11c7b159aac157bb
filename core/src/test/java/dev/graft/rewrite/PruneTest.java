package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import org.junit.jupiter.api.Test;

class PruneTest {
    private static Graph parse(String body) {
        return GraphText.parse("<ir_version: 8, opset_import: [\"\" : 17]>\n" + body);
    }

    @Test
    void chainsThatEndNowhereGoWithTheirWeights() {
        Graph graph = parse("""
                g (float[2] x, float[2] unused) => (float[2] y)
                   <float one = {1}, float two = {2}>
                {
                   a = Add (x, two)
                   b = Neg (a)
                   y = Add (x, one)
                }
                """);
        Graph after = Prune.unread(graph);
        assertThat(operators(after)).containsExactly("Add");
        assertThat(after.weights()).containsOnlyKeys("one");
        assertThat(after.inputs()).isEqualTo(graph.inputs());
    }

    @Test
    void aWeightThatIsAnOutputStays() {
        Graph graph = parse("""
                g (float[2] x) => (float y)
                   <float y = {1}>
                { a = Neg (x) }
                """);
        assertThat(Prune.unread(graph).weights()).containsOnlyKeys("y");
        assertThat(Prune.unread(graph).nodes()).isEmpty();
    }

    @Test
    void whatOnlyABranchReadsStays() {
        Graph graph = parse("""
                g (bool c, float[2] x) => (float[2] y)
                   <float[2] w = {1, 2}>
                {
                   a = Neg (x)
                   y = If (c) <
                      then_branch: graph = t () => (float[2] p) { p = Add (a, w) },
                      else_branch: graph = e () => (float[2] q) { q = Identity (a) }
                   >
                }
                """);
        assertThat(Prune.unread(graph)).isSameAs(graph);
    }

    @Test
    void aGraphWithNothingToPruneIsReturnedItself() {
        Graph graph = Prune.unread(Trunks.encoder(17));
        assertThat(Prune.unread(graph)).isSameAs(graph);
    }
}
