package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.eval.Control.Question;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlTest {
    /** Two classes; the first rows are answered wrongly. */
    private static Predictions answers(int rows, int wrong) {
        int[] expected = new int[rows];
        float[][] probabilities = new float[rows][];
        for (int row = 0; row < rows; row++) {
            probabilities[row] = row < wrong ? new float[] {0.2f, 0.8f} : new float[] {0.8f, 0.2f};
        }
        return new Predictions(List.of("a", "b"), expected, probabilities);
    }

    private static Control control(int wrong, int ofControl) {
        return Control.of("frozen trunk + head", Question.FINE_TUNING, answers(200, wrong), answers(200, ofControl), 1);
    }

    @Test
    void onlyAControlThatIsClearlyBetterRefuses() {
        assertThat(control(60, 20).refuses()).isTrue();
        assertThat(control(22, 20).refuses()).isFalse();
        assertThat(control(20, 60).refuses()).isFalse();
    }

    @Test
    void theSentenceSaysWhatItShows() {
        assertThat(control(20, 60).sentence())
                .startsWith("fine-tuning helped over frozen trunk + head (0.700): +20.0 points, 95 % interval +");
        assertThat(control(20, 20).sentence())
                .startsWith("fine-tuning makes no difference beyond the noise to frozen trunk + head (0.900): +0.0");
        assertThat(control(60, 20).sentence())
                .startsWith("fine-tuning harmed: worse than frozen trunk + head (0.900): -20.0 points");
    }

    @Test
    void theSheetShowsItsControlsAsTextAndKeepsThemInJson() throws Exception {
        ScoreSheet sheet = ScoreSheet.of(answers(200, 20), Map.of(), 42).withControls(List.of(control(20, 60)));
        assertThat(ScoresText.controls(sheet)).isEqualTo(control(20, 60).sentence() + "\n");
        var mapper = new ObjectMapper();
        assertThat(mapper.readValue(mapper.writeValueAsString(sheet), ScoreSheet.class))
                .isEqualTo(sheet);
        assertThat(mapper.writeValueAsString(sheet)).contains("\"controls\":[", "\"question\":\"FINE_TUNING\"");
    }
}
