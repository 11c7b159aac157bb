package dev.graft.watch;

import java.time.Duration;
import java.util.List;

/** The figures that rules look at; not a number where there is too little to say. */
final class Figures {
    private static final int FEWEST_SAMPLES = 3;

    private Figures() {}

    /** Of one model. */
    static double of(Rule rule, Timeline timeline) {
        return switch (rule.figure()) {
            case P50 -> latency(timeline.sum(rule.window()), 0.5);
            case P99 -> latency(timeline.sum(rule.window()), 0.99);
            case QUEUE_GROWTH -> slope(timeline, rule.window());
            case ERROR_SHARE -> throw new IllegalArgumentException(rule.name() + " looks at all models together");
        };
    }

    /** Of all models together. */
    static double ofAll(Rule rule, Traffic traffic) {
        Slot sum = traffic.sum(rule.window());
        return sum.requests() < Rule.FEWEST_REQUESTS ? Double.NaN : sum.failureShare();
    }

    private static double latency(Slot sum, double share) {
        return sum.latency().count() < Rule.FEWEST_REQUESTS
                ? Double.NaN
                : sum.latency().quantile(share);
    }

    /** The slope of the line of least squares through the queue's lengths, as Prometheus' {@code deriv} has it. */
    private static double slope(Timeline timeline, Duration window) {
        List<Slot> slots = timeline.last(window).stream()
                .filter(slot -> !Double.isNaN(slot.queued()))
                .toList();
        if (slots.size() < FEWEST_SAMPLES) {
            return Double.NaN;
        }
        double meanAt = slots.stream().mapToLong(Slot::number).average().orElseThrow();
        double meanQueued = slots.stream().mapToDouble(Slot::queued).average().orElseThrow();
        double together = 0;
        double apart = 0;
        for (Slot slot : slots) {
            double at = slot.number() - meanAt;
            together += at * (slot.queued() - meanQueued);
            apart += at * at;
        }
        return together / apart / Timeline.STEP.toSeconds();
    }
}
