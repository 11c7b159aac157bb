package dev.graft.watch;

import dev.graft.GraftException;
import dev.graft.eval.Markup;
import dev.graft.eval.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The service at a glance: one page without scripts, fonts or network, light or dark as the reader's system, that
 * fetches itself anew every ten seconds.
 */
public final class StatusPage {
    /** What the page may do: show its own style, and nothing else. */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'sha256-" + digest(style())
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Duration RECENT = Duration.ofMinutes(1);

    /** Minutes that the plots may span: the shortest that holds all that the service has seen, or the longest. */
    private static final int[] SPANS = {3, 6, 15};

    private static final int STEPS_A_MINUTE = (int) (RECENT.toSeconds() / Timeline.STEP.toSeconds());

    private final Markup page = new Markup();
    private final Traffic traffic;
    private final List<Alert> alerts;
    private final List<Offered> models;
    private final Slot recent;

    /**
     * A model as the service offers it.
     *
     * @param version empty where none is in service
     * @param state in a word
     */
    public record Offered(String name, String version, String state) {}

    StatusPage(Traffic traffic, List<Alert> alerts, List<Offered> models) {
        this.traffic = traffic;
        this.alerts = alerts;
        this.models = together(models);
        this.recent = traffic.sum(RECENT);
    }

    /** One row for each model, with all its versions. */
    private static List<Offered> together(List<Offered> all) {
        var byName = new LinkedHashMap<String, Offered>();
        all.forEach(one -> byName.merge(one.name(), one, StatusPage::beside));
        return List.copyOf(byName.values());
    }

    private static Offered beside(Offered one, Offered other) {
        if (one.version().isEmpty() || other.version().isEmpty()) {
            return one.version().isEmpty() ? other : one;
        }
        return new Offered(one.name(), one.version() + ", " + other.version(), one.state());
    }

    /** The page, whatever models are called. */
    String html(Instant now, Duration up, String version) {
        String title = models.size() == 1 ? models.get(0).name() : models.size() + " models";
        page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"color-scheme\" content=\"light dark\">"
                + "<meta http-equiv=\"refresh\" content=\"" + Timeline.STEP.toSeconds() + "\">");
        page.leaf("title", title + " - Graft");
        page.raw("<style>" + style() + "</style></head>\n");
        page.open("body").open("main");
        page.leaf("p", "Graft " + version + ", up for " + Shown.ago(up), "class", "kicker");
        page.leaf("h1", title);
        headline(now);
        panels(span(up));
        models();
        alerts(now);
        page.open("p", "class", "links note");
        for (String address : new String[] {"/metrics", "/alerts", "/info", "/v2"}) {
            page.leaf("a", address, "href", address).text(" ");
        }
        return page.close().close().close().raw("</html>\n").finish();
    }

    private void headline(Instant now) {
        List<Alert> firing = alerts.stream().filter(Alert::firing).toList();
        Optional<Alert> worst = alerts.stream().findFirst().filter(alert -> alert.state() != Alert.State.OK);
        boolean critical = firing.stream().anyMatch(alert -> alert.rule().severity() == Rule.Severity.CRITICAL);
        page.open("p", "class", "headline state " + (critical ? "bad" : worst.isPresent() ? "poor" : "good"));
        if (!firing.isEmpty()) {
            page.text(firing.get(0).rule().summary()
                    + (firing.size() == 1
                            ? "."
                            : ", and " + (firing.size() - 1)
                                    + (firing.size() == 2 ? " more alert." : " more alerts.")));
        } else if (worst.isPresent()) {
            page.text(worst.get().rule().summary() + ", since "
                    + Shown.ago(Duration.between(worst.get().since(), now)) + ".");
        } else if (recent.requests() == 0) {
            page.text("Ready, and nobody asked within the last minute.");
        } else {
            page.text("All is well: " + Shown.number(perSecond(recent)) + " requests a second, half of them answered"
                    + " within " + Shown.time(recent.latency().quantile(0.5)) + ".");
        }
        page.close();
    }

    private static double perSecond(Slot sum) {
        return (double) sum.requests() / RECENT.toSeconds();
    }

    private static int span(Duration up) {
        return Arrays.stream(SPANS)
                .filter(minutes -> up.toMinutes() < minutes)
                .findFirst()
                .orElse(SPANS[SPANS.length - 1]);
    }

    private void panels(int minutes) {
        double step = Timeline.STEP.toSeconds();
        Spread latency = recent.latency();
        int queued =
                models.stream().mapToInt(model -> traffic.queued(model.name())).sum();
        List<Panel> panels = List.of(
                new Panel(
                        "Requests a second",
                        List.of(new Panel.Curve("", "main", perSecond(recent), slot -> slot.requests() / step)),
                        Shown::number,
                        1),
                new Panel(
                        "Latency",
                        List.of(
                                quantile("P50", "main", 0.5, latency),
                                quantile("P90", "soft", 0.9, latency),
                                quantile("P99", "hot", 0.99, latency)),
                        Shown::time,
                        0.001),
                new Panel(
                        "Not answered",
                        List.of(
                                new Panel.Curve("service", "hot", recent.failureShare(), Slot::failureShare),
                                new Panel.Curve("caller", "soft", recent.refusedShare(), Slot::refusedShare)),
                        Shown::percent,
                        0.01),
                new Panel(
                        "Texts a batch",
                        List.of(new Panel.Curve("", "main", recent.batchRows(), Slot::batchRows)),
                        Shown::number,
                        1),
                new Panel(
                        "Answered from the cache",
                        List.of(new Panel.Curve("", "main", recent.hitShare(), Slot::hitShare)),
                        Shown::percent,
                        0.1),
                new Panel(
                        "Texts waiting", List.of(new Panel.Curve("", "main", queued, Slot::queued)), Shown::number, 1));
        List<Slot> steps = traffic.steps(minutes * STEPS_A_MINUTE);
        page.raw("\n").open("div", "class", "panels");
        panels.forEach(panel -> panel.draw(page, steps, minutes));
        page.close();
    }

    private static Panel.Curve quantile(String name, String style, double share, Spread now) {
        return new Panel.Curve(
                name, style, now.quantile(share), slot -> slot.latency().quantile(share));
    }

    private void models() {
        section("Models", "Over the last minute.");
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        page.leaf("th", "Model").leaf("th", "Version").leaf("th", "State");
        for (String title : new String[] {"Requests/s", "P50", "P90", "P99", "Batch", "Padding", "Cache", "Waiting"}) {
            page.leaf("th", title, "class", "number");
        }
        page.close().close().open("tbody");
        for (Offered model : models) {
            Slot sum = traffic.of(model.name()).sum(RECENT);
            page.open("tr").leaf("th", model.name(), "class", "model");
            page.open("td")
                    .leaf("code", model.version().isEmpty() ? "–" : model.version())
                    .close();
            boolean ready = !model.version().isEmpty();
            page.open("td")
                    .leaf("span", model.state(), "class", "state " + (ready ? "good" : "poor"))
                    .close();
            number(Shown.number(perSecond(sum)));
            for (double share : new double[] {0.5, 0.9, 0.99}) {
                number(Shown.time(sum.latency().quantile(share)));
            }
            number(Shown.number(sum.batchRows()));
            number(Shown.percent(sum.paddingShare()));
            number(Shown.percent(sum.hitShare()));
            number(Shown.number(traffic.queued(model.name())));
            page.close();
        }
        page.close().close().close().close();
    }

    private void number(String text) {
        page.leaf("td", text, "class", "number");
    }

    private void alerts(Instant now) {
        section("Alerts", "");
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        page.leaf("th", "State").leaf("th", "Alert").leaf("th", "Model");
        page.leaf("th", "Value", "class", "number").leaf("th", "Begins above", "class", "number");
        page.leaf("th", "Ends below", "class", "number").leaf("th", "Since", "class", "number");
        page.close().close().open("tbody");
        for (Alert alert : alerts) {
            Rule rule = alert.rule();
            page.open("tr").open("td").leaf("span", AlertText.word(alert.state()), "class", "state " + colour(alert));
            page.close().open("td", "class", "alert").text(rule.summary());
            page.leaf("small", rule.name() + ", " + AlertText.word(rule.severity()), "class", "below")
                    .close();
            page.leaf("td", alert.model().isEmpty() ? "all" : alert.model(), "class", "model");
            number(Shown.figure(rule, alert.value()));
            number(Shown.figure(rule, rule.above()));
            number(Shown.figure(rule, rule.below()));
            number(Shown.ago(Duration.between(alert.since(), now)));
            page.close();
        }
        page.close().close().close().close();
    }

    private static String colour(Alert alert) {
        return switch (alert.state()) {
            case OK -> "good";
            case PENDING -> "poor";
            case FIRING -> alert.rule().severity() == Rule.Severity.CRITICAL ? "bad" : "poor";
        };
    }

    private void section(String title, String note) {
        page.raw("\n").open("section").leaf("h2", title);
        if (!note.isEmpty()) {
            page.leaf("p", note, "class", "note");
        }
    }

    private static String style() {
        try (var file = StatusPage.class.getResourceAsStream("page.css")) {
            if (file == null) {
                throw new GraftException("page.css is missing from Graft's own jar; build Graft again");
            }
            return Report.style() + new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new GraftException("Cannot read page.css from Graft's own jar: " + e.getMessage(), e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
