package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * One contender's training in a race of ways to fine-tune.
 *
 * @param contender its name, for example {@code lora}
 * @param rows that it learned from
 * @param epochs that it was given; 0 where a head is solved for
 * @param began seconds since the race began
 * @param ended seconds since the race began
 * @param accuracy on the rows by which the race is judged, 0 to 1
 * @param gain in accuracy over a head on the frozen trunk that learned from the same rows, on the same others
 * @param ending why it went no further
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Lap(
        String contender,
        int rows,
        int epochs,
        double began,
        double ended,
        double accuracy,
        Estimate gain,
        String ending) {
    /** That of the head over itself. */
    public static final Estimate NO_GAIN = new Estimate(0, 0, 0);

    /** This lap with the reason why its contender went no further. */
    public Lap ending(String why) {
        return new Lap(contender, rows, epochs, began, ended, accuracy, gain, why);
    }

    /** One line: who, how far, how good. */
    public String sentence() {
        String far = epochs == 0 ? "" : ", " + epochs + (epochs == 1 ? " epoch" : " epochs");
        String learned = rows == 0 ? ", no rows" : far + " over " + rows + " rows";
        String points = String.format(
                Locale.ROOT,
                " (%+.1f points, %+.1f to %+.1f)",
                100 * gain.value(),
                100 * gain.low(),
                100 * gain.high());
        return contender + learned + ": validation accuracy " + String.format(Locale.ROOT, "%.3f", accuracy)
                + (gain.equals(NO_GAIN) ? "" : points);
    }
}
