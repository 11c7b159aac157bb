package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.ElementType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphSummaryTest {
    @TempDir
    Path folder;

    @Test
    void theEncoderIsSummedUp() {
        GraphSummary summary = GraphSummary.of(Onnx.read(Models.miniLm(folder)));

        assertThat(summary.inputs()).extracting(GraphSummary::shape).contains("int64[batch_size,sequence_length]");
        assertThat(summary.blocks()).isEqualTo(6);
        assertThat(summary.operators()).containsEntry("Softmax", 6).containsEntry("Erf", 6);
        assertThat(summary.weights().keySet()).contains(ElementType.FLOAT);
        // The model card's 22.7 million parameters, less the pooler that this export leaves out.
        assertThat(summary.total().elements()).isBetween(22_000_000L, 23_000_000L);
        assertThat(summary.depths().get(1)).isEqualTo(new GraphSummary.Weights(16, 1_774_464, 7_097_856));
    }

    @Test
    void theLargestWeightsStandFirst() {
        GraphSummary summary = GraphSummary.of(Onnx.read(Models.miniLm(folder)));

        assertThat(summary.largest()).hasSize(5).isSortedAccordingTo((a, b) -> Long.compare(b.bytes(), a.bytes()));
        // 30,522 word pieces of 384 numbers.
        assertThat(summary.largest().get(0).type()).isEqualTo("float[30522,384]");
        assertThat(summary.largest().get(0).bytes()).isEqualTo(30_522L * 384 * 4);
    }

    @Test
    void bodiesAndOtherDomainsAreCounted() {
        GraphSummary summary = GraphSummary.of(GraphText.parse("""
                g (float[2] x, bool c) => (float[2] y, z) {
                  y = If (c) <then_branch = a () => (p) { p = Neg (x) }, else_branch = b () => (q) { q = Neg (x) }>
                  z = my.own.Thing (y)
                }
                """));
        assertThat(summary.operators())
                .containsEntry("Neg", 2)
                .containsEntry("If", 1)
                .containsEntry("my.own.Thing", 1);
        assertThat(summary.nodes()).isEqualTo(4);
        assertThat(summary.total()).isEqualTo(new GraphSummary.Weights(0, 0, 0));
        assertThat(summary.largest()).isEmpty();
        assertThat(summary.outputs()).extracting(GraphSummary::shape).containsExactly("float[2]", "?");
    }
}
