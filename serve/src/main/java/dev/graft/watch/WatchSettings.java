package dev.graft.watch;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a service tells of itself, and to whom; nothing to nobody unless it is asked for.
 *
 * @param rules when there is an alert
 * @param alertWebhook where alerts are sent to
 * @param otlpEndpoint base address of an OpenTelemetry collector that takes OTLP over HTTP
 * @param log where each request is written down
 */
public record WatchSettings(
        List<Rule> rules, Optional<URI> alertWebhook, Optional<URI> otlpEndpoint, Optional<LogSettings> log) {
    /** Looks at itself, and tells who asks. */
    public static final WatchSettings DEFAULT =
            new WatchSettings(Rule.BUILT_IN, Optional.empty(), Optional.empty(), Optional.empty());

    public WatchSettings {
        rules = List.copyOf(rules);
    }

    /** These settings with other rules. */
    public WatchSettings withRules(List<Rule> others) {
        return new WatchSettings(others, alertWebhook, otlpEndpoint, log);
    }

    /** These settings with alerts sent to an address. */
    public WatchSettings withAlertWebhook(URI address) {
        return new WatchSettings(rules, Optional.of(address), otlpEndpoint, log);
    }

    /** These settings with traces sent to a collector. */
    public WatchSettings withOtlpEndpoint(URI address) {
        return new WatchSettings(rules, alertWebhook, Optional.of(address), log);
    }

    /** These settings with requests written down. */
    public WatchSettings withLog(LogSettings settings) {
        return new WatchSettings(rules, alertWebhook, otlpEndpoint, Optional.of(settings));
    }
}
