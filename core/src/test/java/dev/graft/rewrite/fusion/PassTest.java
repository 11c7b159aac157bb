package dev.graft.rewrite.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassTest {
    private static final Graph GRAPH = GraphText.parse("""
            g (float x) => (float y)
            {
              a = Identity(x)
              b = Identity(a)
              y = Relu(b)
            }
            """);

    private final List<Facts> seen = new ArrayList<>();

    private Graph looking(Known known) {
        seen.add(known.facts());
        return known.graph();
    }

    @Test
    void whatIsKnownOfAGraphIsFoundOutOnceWhilePassesLeaveItAsItIs() {
        Pass.inOrder(List.of(this::looking, this::looking, new Aliases(), this::looking))
                .apply(GRAPH);

        assertThat(seen.get(1)).isSameAs(seen.get(0));
        assertThat(seen.get(2)).isNotSameAs(seen.get(0));
    }

    @Test
    void passesAreOverOnceEachHasFoundNothingToDoSinceTheLastChange() {
        Graph settled =
                Pass.untilSettled(List.of(this::looking, new Aliases()), 10).apply(GRAPH);

        assertThat(settled).isEqualTo(new Aliases().apply(GRAPH));
        assertThat(seen).hasSize(2);
    }

    @Test
    void aPassThatNeverSettlesEndsAfterTheMostRounds() {
        Pass renaming = known -> known.graph()
                .withNodes(known.graph().nodes().stream()
                        .map(node -> node.named(node.name() + "x"))
                        .toList());

        Graph left = Pass.untilSettled(List.of(renaming), 3).apply(GRAPH);

        assertThat(left.nodes()).allMatch(node -> node.name().equals("xxx"));
    }
}
