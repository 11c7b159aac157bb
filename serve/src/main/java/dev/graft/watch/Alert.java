package dev.graft.watch;

import java.time.Instant;

/**
 * How a rule stands.
 *
 * @param model the model that it is about; empty where it is about all of them
 * @param value of its figure; not a number where there is too little to say
 * @param since when it came into this state
 * @param clearing since when the value of a firing alert has been low enough to end it; {@link Instant#MAX} where it is
 *     not
 */
public record Alert(Rule rule, String model, State state, double value, Instant since, Instant clearing) {
    /** A rule's states. */
    public enum State {
        /** Nothing to say. */
        OK,
        /** The value is too high, but has not been for long. */
        PENDING,
        /** Somebody is called. */
        FIRING
    }

    /** A rule that nothing is known of yet. */
    static Alert of(Rule rule, String model, Instant now) {
        return new Alert(rule, model, State.OK, Double.NaN, now, Instant.MAX);
    }

    /** How the rule stands once its figure has been looked at again. */
    Alert next(double figure, Instant now) {
        return switch (state) {
            case OK -> figure > rule.above() ? into(State.PENDING, figure, now).held(now) : same(figure, Instant.MAX);
            case PENDING -> figure > rule.above() ? same(figure, Instant.MAX).held(now) : into(State.OK, figure, now);
            case FIRING ->
                figure >= rule.below()
                        ? same(figure, Instant.MAX)
                        : same(figure, clearing.equals(Instant.MAX) ? now : clearing)
                                .cleared(now);
        };
    }

    private Alert held(Instant now) {
        return now.isBefore(since.plus(rule.held())) ? this : into(State.FIRING, value, now);
    }

    private Alert cleared(Instant now) {
        return now.isBefore(clearing.plus(rule.cleared())) ? this : into(State.OK, value, now);
    }

    private Alert into(State next, double figure, Instant now) {
        return new Alert(rule, model, next, figure, now, Instant.MAX);
    }

    private Alert same(double figure, Instant low) {
        return new Alert(rule, model, state, figure, since, low);
    }

    boolean firing() {
        return state == State.FIRING;
    }
}
