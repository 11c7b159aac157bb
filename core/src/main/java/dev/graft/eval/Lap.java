package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * One contender's training in a race of ways to fine-tune.
 *
 * @param contender its name, for example {@code lora}
 * @param epochs that it was given; 0 where a head is solved for
 * @param began seconds since the race began
 * @param ended seconds since the race began
 * @param accuracy on the rows by which the race is judged, 0 to 1
 * @param gain in accuracy over the first contender on the same rows
 * @param ending why it went no further
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Lap(
        String contender, int epochs, double began, double ended, double accuracy, Estimate gain, String ending) {
    /** This lap with the reason why its contender went no further. */
    public Lap ending(String why) {
        return new Lap(contender, epochs, began, ended, accuracy, gain, why);
    }

    /** Whether the gain is a loss by more than the noise. */
    public boolean clearlyBehind() {
        return gain.high() < 0;
    }

    /** One line: who, how far, how good. */
    public String sentence() {
        String far = epochs == 0 ? "" : ", " + epochs + (epochs == 1 ? " epoch" : " epochs");
        return contender + far + ": validation accuracy " + String.format(Locale.ROOT, "%.3f", accuracy);
    }
}
