package dev.graft.watch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** Rules as a file of alerting rules for Prometheus. */
final class PrometheusRules {
    private static final String HEAD = """
            # The alerts that `graft serve` has built in, for Prometheus 2.42 or later.
            #
            # An alert begins when its figure has been above the first number for `for`, and ends when it has been below the second
            # one for `keep_firing_for`. Fewer than %d requests in a window say nothing about a latency or a share.
            groups:
              - name: graft
                interval: %s
                rules:
            """;

    private static final String RULE = """
                  - alert: %1$s
                    expr: |
            %2$s        for: %3$s
                    keep_firing_for: %4$s
                    labels:
                      severity: %5$s
                    annotations:
                      summary: %6$s
                      value: "{{ $value }}"
            """;

    private static final String WITH_ENOUGH = """
                      (
                        %1$s > %2$s
                        or
                        %1$s >= %3$s
                        and on (%4$s) ALERTS{alertname="%5$s", alertstate="firing"}
                      )
                      and on (%4$s) %6$s >= %7$d
            """;

    private static final String ALWAYS = """
                      %1$s > %2$s
                      or
                      %1$s >= %3$s
                      and on (%4$s) ALERTS{alertname="%5$s", alertstate="firing"}
            """;

    private PrometheusRules() {}

    /** The file. */
    static String text(List<Rule> rules) {
        var text = new StringBuilder(HEAD.formatted(Rule.FEWEST_REQUESTS, duration(Timeline.STEP)));
        for (Rule rule : rules) {
            text.append(RULE.formatted(
                    rule.name(),
                    expression(rule),
                    duration(rule.held()),
                    duration(rule.cleared()),
                    AlertText.word(rule.severity()),
                    rule.summary().contains(": ") ? '"' + rule.summary() + '"' : rule.summary()));
        }
        return text.toString();
    }

    private static String expression(Rule rule) {
        String window = duration(rule.window());
        return (rule.figure() == Rule.Figure.QUEUE_GROWTH ? ALWAYS : WITH_ENOUGH)
                .formatted(
                        figure(rule.figure(), window),
                        number(rule.above()),
                        number(rule.below()),
                        rule.figure().ofModel() ? "model" : "",
                        rule.name(),
                        requests(rule.figure(), window),
                        Rule.FEWEST_REQUESTS);
    }

    private static String figure(Rule.Figure figure, String window) {
        return switch (figure) {
            case P50 -> quantile("0.5", window);
            case P99 -> quantile("0.99", window);
            case ERROR_SHARE ->
                "sum(rate(te_request_failure{err=~\"overloaded|deadline|unhealthy|backend\", method!=\"gate\"}["
                        + window + "])) / sum(rate(te_request_count{method!=\"gate\"}[" + window + "]))";
            case QUEUE_GROWTH -> "sum by (model) (deriv(te_queue_size[" + window + "]))";
        };
    }

    private static String quantile(String share, String window) {
        return "histogram_quantile(" + share + ", sum by (model, le) (rate(te_request_duration_bucket[" + window
                + "])))";
    }

    private static String requests(Rule.Figure figure, String window) {
        return figure.ofModel()
                ? "sum by (model) (increase(te_request_duration_count[" + window + "]))"
                : "sum(increase(te_request_count{method!=\"gate\"}[" + window + "]))";
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** A time as Prometheus writes it. */
    static String duration(Duration time) {
        if (time.toSeconds() % 60 != 0 || time.isZero()) {
            return time.toSeconds() + "s";
        }
        return time.toMinutes() % 60 == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
    }
}
