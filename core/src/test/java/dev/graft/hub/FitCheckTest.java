package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FitCheckTest {
    @Test
    void theTableIsTheWeightThatIdsGather() {
        assertThat(FitCheck.embeddings(TinyBundle.graph())).hasValue(TinyBundle.WORDS.size());
    }

    @Test
    void idsMayBeCastAndReshapedOnTheirWay() {
        Graph graph = graph(
                Node.of("Cast", "narrow", "input_ids").with("to", new Attribute.Whole(6)),
                Node.of("Unsqueeze", "column", "narrow", "axis"),
                Node.of("Gather", "out", "table", "column"));
        assertThat(FitCheck.embeddings(graph)).hasValue(5);
    }

    @Test
    void aGatherThatReadsIdsAsDataIsNoTable() {
        Graph graph = graph(Node.of("Gather", "out", "input_ids", "axis"));
        assertThat(FitCheck.embeddings(graph)).isEmpty();
    }

    @Test
    void aTokenizerThatReachesBeyondTheTableIsRefused() {
        assertThatCode(() -> FitCheck.check(TinyBundle.graph(), 8, "tokenizer.json"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> FitCheck.check(TinyBundle.graph(), 9, "/somewhere/tokenizer.json"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("/somewhere/tokenizer.json")
                .hasMessageContaining("ids go up to 8")
                .hasMessageContaining("8 tokens");
    }

    @Test
    void theLargestTableThatIdsDoNotGatherHoldsPositions() {
        Graph graph = positions(512);
        assertThat(FitCheck.positions(graph)).hasValue(512);
        assertThatCode(() -> FitCheck.checkLength(graph, 512)).doesNotThrowAnyException();
        assertThatThrownBy(() -> FitCheck.checkLength(graph, 513))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--max-length must be 512 or less, not 513");
    }

    @Test
    void aTableOfTypesOfTokensHoldsNoPositions() {
        assertThat(FitCheck.positions(positions(2))).isEmpty();
        assertThatCode(() -> FitCheck.checkLength(TinyBundle.graph(), 100_000)).doesNotThrowAnyException();
    }

    /** A graph that gathers from a table by a constant. */
    private static Graph positions(int rows) {
        return Graph.of(
                List.of(),
                List.of(ValueInfo.of("out", ElementType.FLOAT)),
                List.of(Node.of("Gather", "out", "table", "place")),
                Map.of("table", Array.of(new float[rows], rows, 1), "place", Array.of(new long[] {0}, 1)),
                17);
    }

    private static Graph graph(Node... nodes) {
        return Graph.of(
                List.of(ValueInfo.of("input_ids", ElementType.INT64, new Dimension.Symbol("length"))),
                List.of(ValueInfo.of("out", ElementType.FLOAT)),
                List.of(nodes),
                Map.of("table", Array.of(new float[10], 5, 2), "axis", Array.of(new long[] {0}, 1)),
                17);
    }
}
