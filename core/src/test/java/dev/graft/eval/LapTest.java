package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LapTest {
    private static Lap lap(String name, int epochs, double ended, double accuracy, double low, double high) {
        Estimate gain = new Estimate((low + high) / 2, low, high);
        return new Lap(name, epochs, 0, ended, accuracy, gain, "won");
    }

    @Test
    void theSentenceSaysWhoHowFarAndHowGood() {
        assertThat(lap("lora", 3, 9, 0.91, 0, 0).sentence()).isEqualTo("lora, 3 epochs: validation accuracy 0.910");
        assertThat(lap("full", 1, 9, 0.91, 0, 0).sentence()).startsWith("full, 1 epoch: ");
        assertThat(lap("head", 0, 9, 0.91, 0, 0).sentence()).isEqualTo("head: validation accuracy 0.910");
    }

    @Test
    void onlyAnIntervalBelowNothingIsClearlyBehind() {
        assertThat(lap("lora", 3, 9, 0.91, -0.1, -0.01).clearlyBehind()).isTrue();
        assertThat(lap("lora", 3, 9, 0.91, -0.1, 0.01).clearlyBehind()).isFalse();
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
                        "lora, 3 epochs: validation accuracy 0.900; won",
                        "seconds</text>");
    }
}
