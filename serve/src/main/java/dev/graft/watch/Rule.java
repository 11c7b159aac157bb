package dev.graft.watch;

import java.time.Duration;
import java.util.List;

/**
 * When to call somebody: a figure that lies above a value for some time, and until it has lain below a lower one for
 * some time. The values apart keep an alert from coming and going while the figure trembles.
 *
 * @param name as Prometheus has it
 * @param figure what is looked at
 * @param above the alert begins beyond this
 * @param below the alert ends under this
 * @param window what the figure is computed over
 * @param held how long the figure must be above before the alert begins
 * @param cleared how long it must be below before the alert ends
 * @param summary what it means, for who is called
 */
public record Rule(
        String name,
        Severity severity,
        Figure figure,
        double above,
        double below,
        Duration window,
        Duration held,
        Duration cleared,
        String summary) {
    /** Fewest requests in a window of which a latency or a share says anything. */
    public static final int FEWEST_REQUESTS = 20;

    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The rules that every service has; {@code deploy/graft-alerts.yaml} says the same to Prometheus. */
    public static final List<Rule> BUILT_IN = List.of(
            new Rule(
                    "GraftLatencyP50High",
                    Severity.WARNING,
                    Figure.P50,
                    0.1,
                    0.08,
                    WINDOW,
                    MINUTE,
                    MINUTE,
                    "Half of the requests take longer than 100 ms"),
            new Rule(
                    "GraftLatencyP99High",
                    Severity.CRITICAL,
                    Figure.P99,
                    0.5,
                    0.4,
                    WINDOW,
                    MINUTE,
                    MINUTE,
                    "One request in a hundred takes longer than 500 ms"),
            new Rule(
                    "GraftErrorShareHigh",
                    Severity.CRITICAL,
                    Figure.ERROR_SHARE,
                    0.05,
                    0.02,
                    WINDOW,
                    MINUTE,
                    MINUTE,
                    "More than 5 % of the requests are not answered, by the service's own fault"),
            new Rule(
                    "GraftQueueGrowing",
                    Severity.WARNING,
                    Figure.QUEUE_GROWTH,
                    1,
                    0.2,
                    Duration.ofMinutes(2),
                    MINUTE,
                    MINUTE,
                    "Texts come faster than they are computed: the queue grows by more than one a second"));

    public Rule {
        if (below > above || window.compareTo(Timeline.STEP) < 0 || held.isNegative() || cleared.isNegative()) {
            throw new IllegalArgumentException("A rule's numbers contradict one another: " + name);
        }
    }

    /** This rule for other numbers, and a summary that says them. */
    Rule with(Severity urgent, double begins, double ends, Duration over, Duration holding, Duration clearing) {
        return new Rule(name, urgent, figure, begins, ends, over, holding, clearing, summary(figure, begins));
    }

    private static String summary(Figure figure, double above) {
        return switch (figure) {
            case P50 -> "Half of the requests take longer than " + Shown.time(above);
            case P99 -> "One request in a hundred takes longer than " + Shown.time(above);
            case ERROR_SHARE ->
                "More than " + Shown.percent(above) + " of the requests are not answered, by the service's own fault";
            case QUEUE_GROWTH ->
                "Texts come faster than they are computed: the queue grows by more than "
                        + (above == 1 ? "one" : Shown.number(above)) + " a second";
        };
    }

    /** How urgent. */
    public enum Severity {
        /** Somebody should look today. */
        WARNING,
        /** Somebody should look now. */
        CRITICAL
    }

    /** What a rule looks at. */
    public enum Figure {
        /** The median latency of a model, in seconds. */
        P50(true),
        /** The latency of a model that one request in a hundred exceeds, in seconds. */
        P99(true),
        /** The share of all requests that end by the service's fault. */
        ERROR_SHARE(false),
        /** The slope of a model's queue, in texts a second. */
        QUEUE_GROWTH(true);

        private final boolean ofModel;

        Figure(boolean ofModel) {
            this.ofModel = ofModel;
        }

        /** Whether it is looked at model by model. */
        boolean ofModel() {
            return ofModel;
        }
    }
}
