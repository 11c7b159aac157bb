package dev.graft.watch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How the rules stand, and who hears when one begins or ends. */
final class Alerts {
    private final List<Rule> rules;
    private final Traffic traffic;
    private final InstantSource clock;
    private final Listener listener;
    private final Map<Subject, Alert> alerts = new ConcurrentHashMap<>();

    private record Subject(String rule, String model) {}

    /** Hears of an alert that begins or ends. */
    interface Listener {
        void changed(Alert before, Alert after);
    }

    Alerts(List<Rule> rules, Traffic traffic, InstantSource clock, Listener listener) {
        this.rules = rules;
        this.traffic = traffic;
        this.clock = clock;
        this.listener = listener;
        allStand();
    }

    /** A rule stands for every model from the moment that the model is known. */
    private void allStand() {
        for (Rule rule : rules) {
            if (rule.figure().ofModel()) {
                traffic.models().keySet().forEach(model -> standing(rule, model));
            } else {
                standing(rule, "");
            }
        }
    }

    /** Looks at every figure. */
    void look() {
        for (Rule rule : rules) {
            if (rule.figure().ofModel()) {
                traffic.models().forEach((model, timeline) -> look(rule, model, Figures.of(rule, timeline)));
            } else {
                look(rule, "", Figures.ofAll(rule, traffic));
            }
        }
    }

    private void look(Rule rule, String model, double figure) {
        Instant now = clock.instant();
        Alert before = standing(rule, model);
        Alert after = before.next(figure, now);
        alerts.put(new Subject(rule.name(), model), after);
        if (before.firing() != after.firing()) {
            listener.changed(before, after);
        }
    }

    private Alert standing(Rule rule, String model) {
        return alerts.computeIfAbsent(
                new Subject(rule.name(), model), subject -> Alert.of(rule, model, clock.instant()));
    }

    /** Every rule for every model that it is about: what fires first, then by rule and model. */
    List<Alert> all() {
        allStand();
        return alerts.values().stream()
                .sorted(Comparator.<Alert>comparingInt(alert -> -alert.state().ordinal())
                        .thenComparingInt(alert -> rules.indexOf(alert.rule()))
                        .thenComparing(Alert::model))
                .toList();
    }
}
