package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GateException;
import dev.graft.eval.Control;
import dev.graft.eval.NgramBaseline;
import dev.graft.eval.Predictions;
import dev.graft.eval.Scorable;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlsTest {
    private static final Controls CONTROLS =
            new Controls(TorchSettings.defaults().withThreads(1), 42);

    /** Of 200 rows of one label, so many are answered wrongly. */
    private static Predictions wrong(int rows) {
        float[][] probabilities = new float[200][];
        Arrays.setAll(probabilities, row -> row < rows ? new float[] {0.1f, 0.9f} : new float[] {0.9f, 0.1f});
        return new Predictions(List.of("a", "b"), new int[200], probabilities);
    }

    private static List<Control> controls(int tuned, int words, int random, int frozen) {
        Map<String, Scorable> cheap = Controls.named(Map.of(NgramBaseline.NAME, wrong(words)), wrong(random));
        return CONTROLS.beside(wrong(tuned), Controls.withFrozen(cheap, wrong(frozen)));
    }

    @Test
    void wordsAndRandomFeaturesAskForTransferTheTrunkForFineTuning() {
        assertThat(controls(10, 60, 90, 30))
                .extracting(control -> control.question().spelled() + ": " + control.name())
                .containsExactly(
                        "transfer: n-grams + logistic regression",
                        "transfer: random features + head",
                        "fine-tuning: frozen trunk + head");
    }

    @Test
    void aModelThatNoControlClearlyBeatsPasses() {
        assertThat(controls(10, 60, 90, 30)).noneMatch(Control::refuses);
        assertThat(controls(12, 60, 90, 10)).noneMatch(Control::refuses);
    }

    @Test
    void aTunedModelBelowItsFrozenTrunkIsRefusedWithTheWayOut() {
        GateException refusal = Controls.refusal(controls(60, 100, 120, 20));
        assertThat(refusal.exitCode()).isEqualTo(3);
        assertThat(refusal)
                .hasMessageContaining("fine-tuning harmed: worse than frozen trunk + head (0.900): -20.0 points")
                .hasMessageContaining("train with --strategy head; or give --allow-negative-transfer")
                .hasMessageNotContaining("more rows");
    }

    @Test
    void aModelBelowABagOfWordsIsRefusedWithTheWayOut() {
        assertThat(Controls.refusal(controls(60, 20, 120, 60)))
                .hasMessageContaining("transfer harmed: worse than n-grams + logistic regression (0.900)")
                .hasMessageContaining("more rows, take another --model, or use the simpler classifier")
                .hasMessageNotContaining("--strategy head");
    }
}
