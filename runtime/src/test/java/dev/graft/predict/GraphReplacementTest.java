package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Parity;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Onnx;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphReplacementTest {
    private static final float SHIFT = 0.05f;
    private static final double CLOSE = 1e-5;

    @TempDir
    Path folder;

    private Bundle bundle() throws IOException {
        return Bundle.open(TinyBundle.write(folder));
    }

    /** The tiny model with another bias of its three labels. */
    private Path graph(float... bias) {
        Map<String, Array> weights = new LinkedHashMap<>(TinyBundle.graph().weights());
        weights.put("bias", Array.of(bias, bias.length));
        Path file = folder.resolve("other.onnx");
        Onnx.write(TinyBundle.graph().withWeights(weights), file);
        return file;
    }

    private Path shifted() {
        return graph(0.1f + SHIFT, -0.2f, 0);
    }

    @Test
    void parityBecomesWhatTheNewGraphComputes() throws IOException {
        GraphReplacement replacement = GraphReplacement.of(bundle(), shifted());
        float[] old = TinyBundle.logits(2, 4, 5, 3);
        assertThat(replacement.parity().examples().get(0).outputs().get(0)).isCloseTo(old[0] + SHIFT, within(1e-5f));
        assertThat(replacement.parity().examples().get(0).ids()).containsExactly(2, 4, 5, 3);
        assertThat(replacement.sameLabels()).isEqualTo(2);
    }

    @Test
    void theToleranceIsTwiceTheDistanceToTheOldGraph() throws IOException {
        GraphReplacement replacement = GraphReplacement.of(bundle(), shifted());
        assertThat(replacement.difference()).isCloseTo(SHIFT, within(CLOSE));
        assertThat(replacement.parity().tolerance()).isEqualTo(2 * replacement.difference());
        assertThat(GraphReplacement.of(Bundle.open(folder.resolve("tiny-bundle")), graph(0.1f, -0.2f, 0))
                        .parity()
                        .tolerance())
                .isEqualTo(Parity.TOLERANCE);
    }

    @Test
    void theNewBundleAnswersAndSaysWhereItsGraphComesFrom() throws IOException {
        Path graph = shifted();
        Path output = folder.resolve("smaller");
        GraphReplacement.of(bundle(), graph).write(output);
        assertThat(Bundle.open(output).manifest().provenance().data())
                .anyMatch(source ->
                        source.role().equals("graph") && source.sha256().equals(Digest.of(graph)));
        try (TextModel model = TextModel.open(output, PredictorSettings.DEFAULT)) {
            float[] logits =
                    model.compute(model.encode(List.of("card lost"))).get(0).logits();
            assertThat(logits[0]).isCloseTo(TinyBundle.logits(2, 4, 5, 3)[0] + SHIFT, within(1e-5f));
        }
    }

    @Test
    void aGraphOfOtherLabelsIsRefused() throws IOException {
        Bundle bundle = bundle();
        Map<String, Array> weights = new LinkedHashMap<>(TinyBundle.graph().weights());
        weights.put("weight", Array.of(new float[8], 2, 4));
        weights.put("bias", Array.of(new float[2], 2));
        Path file = folder.resolve("two.onnx");
        Onnx.write(TinyBundle.graph().withWeights(weights), file);
        assertThatThrownBy(() -> GraphReplacement.of(bundle, file)).isInstanceOf(InputException.class);
    }

    @Test
    void aGraphThatAnswersOtherwiseIsRefused() throws IOException {
        Bundle bundle = bundle();
        Path other = graph(-100, 200, -100);
        assertThatThrownBy(() -> GraphReplacement.of(bundle, other))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no graph of the bundle")
                .hasMessageContaining("2 parity examples");
    }

    @Test
    void whatStandsAtTheOutputIsNotOverwritten() throws IOException {
        GraphReplacement replacement = GraphReplacement.of(bundle(), shifted());
        Path taken = folder.resolve("tiny-bundle");
        assertThatThrownBy(() -> replacement.write(taken)).isInstanceOf(InputException.class);
        assertThat(Digest.of(taken.resolve(Bundle.MODEL)))
                .isEqualTo(replacement.bundle().manifest().files().get(Bundle.MODEL));
    }
}
