package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.bundle.Parity;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Graph;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Session;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles whose numbers are rounded more than those of the training. */
class RoundedEngineTest {
    private static final List<String> LABELS = List.of("a", "b");
    private static final int KEPT = 0xFFFF0000;

    @TempDir
    Path folder;

    /** Bfloat16 without libtorch: what comes out of ONNX Runtime, cut to its first sixteen bits and moved. */
    private record Coarse(Session session, float moved) implements Session {
        @Override
        public Map<String, Array> run(Map<String, Array> inputs) {
            var rounded = new LinkedHashMap<String, Array>();
            session.run(inputs).forEach((name, array) -> {
                float[] values = array.floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(Float.floatToIntBits(values[i]) & KEPT) + (i == 0 ? moved : 0);
                }
                rounded.put(name, Array.of(values, array.shape()));
            });
            return rounded;
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static Engine engine(float moved, List<Integer> threads) {
        return Engine.rounded("bf16", "bfloat16", count -> {
            threads.add(count);
            return (Graph graph) -> new Coarse(new OrtRuntime().prepare(graph), moved);
        });
    }

    @Test
    void roundedAnswersAreGivenWhereParityBearsThem() throws IOException {
        var settings = new PredictorSettings(1, 4).withEngine(engine(0, new ArrayList<>()));
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), settings)) {
            float[] expected = TinyBundle.logits(2, 4, 5, 3);
            float[] logits =
                    predictor.logits(List.of("card lost").iterator()).toList().get(0);
            for (int i = 0; i < expected.length; i++) {
                assertThat(logits[i]).isCloseTo(expected[i], within(Math.abs(expected[i]) / 128 + 1e-6f));
            }
        }
    }

    @Test
    void aServiceSharesTheThreadsOutAmongBatchesThatMeet() throws IOException {
        Path bundle = TinyBundle.write(folder);
        var threads = new ArrayList<Integer>();
        Engine engine = engine(0, threads);
        for (boolean serving : new boolean[] {false, true}) {
            try (TextModel model = TextModel.open(bundle, new PredictorSettings(8, 4, serving, engine))) {
                assertThat(model.givesFeatures()).isEqualTo(serving);
                assertThat(model.inputs()).hasSize(2);
            }
        }
        assertThat(threads).containsExactly(8, 8 / Batcher.LANES);
    }

    @Test
    void aBundleThatRoundingMovesTooFarIsRefused() throws IOException {
        Path bundle = TinyBundle.write(folder);
        var settings = new PredictorSettings(1, 4).withEngine(engine(0.5f, new ArrayList<>()));
        assertThatThrownBy(() -> Predictor.open(bundle, settings))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The bundle " + bundle + " does not bear being computed in bf16")
                .hasMessageContaining("differ by 0.5")
                .hasMessageEndingWith("use --precision fp32, in which it was trained to answer");
    }

    private static RoundedParity parity(TargetKind kind, float... outputs) {
        List<String> labels = outputs.length == 1 ? List.of("number") : LABELS;
        var examples = new Parity(Parity.TOLERANCE, List.of(Parity.Example.of("text", new int[] {1}, outputs)));
        return new RoundedParity("The bundle x", "bf16", Reading.of(kind, labels, Map.of()), examples);
    }

    @Test
    void anotherLabelIsRefusedHoweverCloseTheOutputsAre() {
        RoundedParity close = parity(TargetKind.SINGLE_LABEL, 1.00f, 0.99f);
        close.check(List.of(new float[] {1.01f, 1.00f}));
        assertThatThrownBy(() -> close.check(List.of(new float[] {0.99f, 1.00f})))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("parity example 1 is answered with 'b' where fp32 answers 'a'");
        RoundedParity several = parity(TargetKind.MULTI_LABEL, 0.01f, -3f);
        assertThatThrownBy(() -> several.check(List.of(new float[] {-0.01f, -3f})))
                .hasMessageContaining("answered with '' where fp32 answers 'a'");
    }

    @Test
    void theToleranceIsAShareOfTheLargestOutput() {
        RoundedParity large = parity(TargetKind.SINGLE_LABEL, 100, 0);
        large.check(List.of(new float[] {96, 4}));
        assertThatThrownBy(() -> large.check(List.of(new float[] {94, 0}))).hasMessageContaining("differ by 6.0");
        RoundedParity number = parity(TargetKind.REGRESSION, -10);
        number.check(List.of(new float[] {-10.4f}));
        assertThatThrownBy(() -> number.check(List.of(new float[] {-11f}))).hasMessageContaining("differ by 1.0");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> parity(TargetKind.SINGLE_LABEL, 1, 0).check(List.of(new float[] {Float.NaN, 0})))
                .hasMessageContaining("differ by NaN");
    }
}
