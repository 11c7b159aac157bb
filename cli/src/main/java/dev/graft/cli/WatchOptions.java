package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.watch.LogSettings;
import dev.graft.watch.Rule;
import dev.graft.watch.RuleFile;
import dev.graft.watch.WatchSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a server tells of itself. */
final class WatchOptions {
    /** Where OpenTelemetry's own programs look for the collector. */
    private static final String OTLP_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static final int BYTES_A_MEGABYTE = 1_000_000;

    @Option(
            names = "--alert-rules",
            paramLabel = "FILE.yaml",
            description = "Other thresholds and windows for the alerts, below their names.")
    private @Nullable Path alertRules;

    @Option(
            names = "--alert-webhook",
            paramLabel = "URL",
            description = "Where alerts are sent when they begin and end, in the form of Alertmanager's webhooks.")
    private @Nullable String alertWebhook;

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description = "Collector that takes OpenTelemetry's traces over HTTP, http://localhost:4318 for example;"
                    + " else what OTEL_EXPORTER_OTLP_ENDPOINT says.")
    private @Nullable String otlpEndpoint;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "Write a line for each request to standard error, for people or as a JSON object.")
    private @Nullable String logFormat;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Write these lines to a file instead, which is moved to FILE.1 when it is full.")
    private @Nullable Path logFile;

    @Option(
            names = "--log-max-size",
            paramLabel = "MB",
            defaultValue = "100",
            description = "When a log file is full (default: ${DEFAULT-VALUE}).")
    private int logMaxSize;

    @Option(
            names = "--log-old-files",
            paramLabel = "N",
            defaultValue = "5",
            description = "Full log files that are kept (default: ${DEFAULT-VALUE}).")
    private int logOldFiles;

    @Option(names = "--log-inputs", description = "Write the texts of requests into the log too.")
    private boolean logInputs;

    /**
     * What they come to.
     *
     * @param offline whether no connection may be opened
     */
    WatchSettings settings(boolean offline) {
        if (offline && (alertWebhook != null || otlpEndpoint != null)) {
            throw new InputException("--offline opens no connection, which --alert-webhook and --otlp-endpoint need;"
                    + " leave one of them out");
        }
        String collector = otlpEndpoint == null && !offline ? System.getenv(OTLP_VARIABLE) : otlpEndpoint;
        return new WatchSettings(
                alertRules == null ? Rule.BUILT_IN : new RuleFile(alertRules).read(),
                alertWebhook == null ? Optional.empty() : Optional.of(address("--alert-webhook", alertWebhook)),
                collector == null || collector.isBlank()
                        ? Optional.empty()
                        : Optional.of(address(otlpEndpoint == null ? OTLP_VARIABLE : "--otlp-endpoint", collector)),
                log());
    }

    private static URI address(String option, String text) {
        try {
            URI address = new URI(text.strip());
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException e) {
            // told below, as is an address of another kind
        }
        throw new InputException(
                option + " must be an address that begins with http:// or https://, not '" + text + "'");
    }

    private Optional<LogSettings> log() {
        if (logMaxSize < 1) {
            throw new InputException("--log-max-size must be 1 or more, not " + logMaxSize);
        }
        if (logOldFiles < 0) {
            throw new InputException("--log-old-files must be 0 or more, not " + logOldFiles);
        }
        if (logFormat == null && logFile == null) {
            if (logInputs) {
                throw new InputException("--log-inputs needs a log; --log-format json, for example, asks for one");
            }
            return Optional.empty();
        }
        return Optional.of(new LogSettings(
                format(), Optional.ofNullable(logFile), (long) logMaxSize * BYTES_A_MEGABYTE, logOldFiles, logInputs));
    }

    private LogSettings.Format format() {
        if (logFormat == null) {
            return LogSettings.Format.TEXT;
        }
        return switch (logFormat) {
            case "text" -> LogSettings.Format.TEXT;
            case "json" -> LogSettings.Format.JSON;
            default -> throw new InputException("--log-format must be text or json, not '" + logFormat + "'");
        };
    }
}
