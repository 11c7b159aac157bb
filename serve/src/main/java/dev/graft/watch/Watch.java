package dev.graft.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sees every request of a service, looks at the figures every ten seconds, and tells what it sees. */
public final class Watch implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Instant begun;
    private final List<Rule> rules;
    private final Traffic traffic;
    private final Alerts alerts;
    private final Optional<Webhook> webhook;
    private final Optional<RequestLog> log;
    private final Optional<Tracing> tracing;
    private final boolean keepsTexts;
    private final ScheduledExecutorService looking;

    /**
     * A count of what this room itself could or could not do.
     *
     * @param name as Prometheus has it, with dots
     */
    public record Count(String name, LongSupplier value) {}

    private Watch(
            WatchSettings settings, InstantSource clock, ScheduledExecutorService looking, Consumer<String> says) {
        this.clock = clock;
        this.begun = clock.instant();
        this.looking = looking;
        this.rules = settings.rules();
        this.traffic = new Traffic(clock);
        this.log = settings.log().map(how -> new RequestLog(how, LogFile.open(how), clock, says));
        this.keepsTexts = settings.log().map(LogSettings::inputs).orElse(false);
        this.tracing = settings.otlpEndpoint().map(collector -> new Tracing(collector, says));
        this.webhook = settings.alertWebhook().map(address -> new Webhook(address, FIRST_PAUSE));
        this.alerts = new Alerts(settings.rules(), traffic, clock, this::changed);
    }

    /**
     * Begins to look.
     *
     * @param says hears what a person should know
     * @throws dev.graft.InputException if the log cannot be opened
     */
    public static Watch start(WatchSettings settings, Consumer<String> says) {
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "graft-watch");
            thread.setDaemon(true);
            return thread;
        });
        var watch = new Watch(settings, new Steady(), looking, says);
        long step = Timeline.STEP.toMillis();
        var unused = looking.scheduleAtFixedRate(watch::look, step, step, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** A request has come. */
    public Visit visit(String method, Function<String, @Nullable String> header) {
        return new Visit(this, method, Caller.of(header));
    }

    /** What goes through, by model. */
    public Traffic traffic() {
        return traffic;
    }

    /** How the rules stand, as JSON. */
    public String alerts() {
        return AlertText.list(alerts.all());
    }

    /** The rules as a file of alerting rules for Prometheus. */
    public String prometheusRules() {
        return PrometheusRules.text(rules);
    }

    /** The service at a glance, as HTML. */
    public String page(List<StatusPage.Offered> models, String version) {
        Instant now = clock.instant();
        return new StatusPage(traffic, alerts.all(), models).html(now, Duration.between(begun, now), version);
    }

    /** How it went with what was to be told and written down. */
    public List<Count> counts() {
        var counts = new ArrayList<Count>();
        webhook.ifPresent(hook -> {
            counts.add(new Count("graft.alert.webhook.delivered", hook::delivered));
            counts.add(new Count("graft.alert.webhook.lost", hook::lost));
        });
        tracing.ifPresent(spans -> counts.add(new Count("graft.traces.lost", spans::lost)));
        log.ifPresent(lines -> counts.add(new Count("graft.log.lost", lines::lost)));
        return counts;
    }

    boolean keepsTexts() {
        return keepsTexts;
    }

    void ended(Visit visit) {
        traffic.ended(visit.model(), visit.outcome(), visit.stages().whole());
        visit.traceId(tracing.map(spans -> spans.record(visit, clock.instant()))
                .orElseGet(() -> visit.caller().traceId()));
        log.ifPresent(lines -> lines.request(visit));
    }

    private void look() {
        traffic.look();
        alerts.look();
    }

    private void changed(Alert before, Alert after) {
        webhook.ifPresent(hook -> hook.tell(AlertText.notice(before, after)));
        log.ifPresent(lines -> lines.alert(after));
    }

    /** Looks no longer, and tells nobody any more. */
    @Override
    public void close() {
        looking.shutdownNow();
        webhook.ifPresent(Webhook::close);
        tracing.ifPresent(Tracing::close);
        log.ifPresent(RequestLog::close);
    }
}
