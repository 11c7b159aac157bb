package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * A cheaper way to the same answers, beside which a tuned model shows what its training was worth.
 *
 * @param name what people call it, for example {@code frozen trunk + head}
 * @param question what it is the control of
 * @param accuracy of the control, 0 to 1; for other targets than classes the metric that decides there
 * @param comparison the tuned model against the control, on the same rows
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Control(String name, Question question, double accuracy, Comparison comparison) {
    /** What a control answers. */
    public enum Question {
        /** Whether the pretrained weights helped. */
        TRANSFER,
        /** Whether changing them helped. */
        FINE_TUNING;

        /** The name as sentences use it. */
        public String spelled() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A control's predictions beside the tuned model's; the seed decides the interval's resamples. */
    public static Control of(String name, Question question, Scorable tuned, Scorable control, long seed) {
        Comparison comparison = Comparison.paired(tuned, control, seed);
        return new Control(name, question, control.primary(), comparison);
    }

    /** Whether the tuned model is worse than the control by more than the noise. */
    public boolean refuses() {
        return comparison.verdict() == Verdict.WORSE;
    }

    /** One sentence: what the control shows. */
    public String sentence() {
        String shown = switch (comparison.verdict()) {
            case BETTER -> " helped over ";
            case WITHIN_NOISE -> " makes no difference beyond the noise to ";
            case WORSE -> " harmed: worse than ";
        };
        return question.spelled() + shown + name + " (" + String.format(Locale.ROOT, "%.3f", accuracy) + "): "
                + Headline.points(comparison.difference());
    }
}
