package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LapTest {
    private static Lap lap(String name, int epochs, double ended, double accuracy, double low, double high) {
        Estimate gain = new Estimate((low + high) / 2, low, high);
        return new Lap(name, 480, epochs, 0, ended, accuracy, gain, "won");
    }

    @Test
    void theSentenceSaysWhoHowFarAndHowGood() {
        assertThat(lap("lora", 3, 9, 0.91, -0.01, 0.03).sentence())
                .isEqualTo("lora, 3 epochs over 480 rows: validation accuracy 0.910 (+1.0 points, -1.0 to +3.0)");
        assertThat(lap("full", 1, 9, 0.91, 0, 0.1).sentence()).startsWith("full, 1 epoch over 480 rows: ");
        assertThat(lap("head", 0, 9, 0.91, 0, 0).sentence()).isEqualTo("head over 480 rows: validation accuracy 0.910");
        assertThat(new Lap("zero-shot", 0, 0, 1, 2, 0.5, Lap.NO_GAIN, "").sentence())
                .startsWith("zero-shot, no rows: ");
    }

    @Test
    void thePlotHasALineAContenderAndSaysWhyItStopped() {
        Markup page = new Markup();
        RacePlot.draw(
                page,
                List.of(
                        lap("head", 0, 2, 0.8, 0, 0),
                        lap("lora", 1, 5, 0.7, -0.2, 0),
                        lap("lora", 3, 15, 0.9, 0.05, 0.2)));
        String drawn = page.finish();
        assertThat(drawn.split("<polyline", -1)).hasSize(3);
        assertThat(drawn)
                .contains(
                        ">head</text>",
                        ">lora</text>",
                        "lora, 3 epochs over 480 rows: validation accuracy 0.900 (+12.5 points, +5.0 to +20.0); won",
                        ">lora: won</text>",
                        "seconds</text>");
    }
}
