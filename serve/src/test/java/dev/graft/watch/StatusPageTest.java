package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    private static final String HOSTILE = "\"><script>alert('&')</script>\u0000";
    private static final Outcome FULL = new Outcome("overloaded", 429, Outcome.Blame.SERVICE);

    private final ManualClock clock = new ManualClock();
    private final Traffic traffic = new Traffic(clock);
    private final Alerts alerts = new Alerts(Rule.BUILT_IN, traffic, clock, (before, after) -> {});

    private String page(StatusPage.Offered... models) {
        return new StatusPage(traffic, alerts.all(), List.of(models))
                .html(clock.instant(), Duration.ofMinutes(42), "1.2.3");
    }

    private void pass(int steps, String model, long millis) {
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < 30; i++) {
                traffic.ended(Optional.of(model), Outcome.SUCCESS, millis * 1_000_000);
                traffic.of(model).cache(i % 4 == 0);
            }
            traffic.of(model).batch(12, 90, 120);
            clock.pass(Timeline.STEP);
            traffic.look();
            alerts.look();
        }
    }

    private static StatusPage.Offered ready(String name) {
        return new StatusPage.Offered(name, "0123456789ab", "ready");
    }

    @Test
    void figuresOfTheLastMinuteStandInThePage() {
        pass(12, "tiny", 24);
        assertThat(page(ready("tiny")))
                .contains("<h1>tiny</h1>", "Graft 1.2.3, up for 42 min", "0123456789ab")
                .contains("All is well: 2.5 requests a second")
                .containsPattern("P50 </small>2[345] ms")
                .contains(">12</td>", ">25 %</td>");
    }

    @Test
    void namesAreEscapedWherePagesShowThem() {
        pass(12, HOSTILE, 900);
        String page = page(new StatusPage.Offered(HOSTILE, HOSTILE, HOSTILE));
        assertThat(page).doesNotContain("<script").doesNotContain("\u0000");
        assertThat(page).contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;");
    }

    @Test
    void thePageIsWellFormedAndLoadsNothing() throws Exception {
        pass(20, "tiny", 24);
        String page = page(ready("tiny"), new StatusPage.Offered("other", "", "not loaded"));
        assertThat(page)
                .doesNotContain(
                        "<script", "javascript:", " style=\"", " src=", "url(", "@import", " onload", " onerror");
        String body = page.substring(page.indexOf("<body>")).replace("</html>", "");
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(body.strip().getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(6);
        assertThat(document.getElementsByTagName("polyline").getLength()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void thePolicyAllowsThePagesOwnStyleAlone() throws Exception {
        String page = page(ready("tiny"));
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertThat(StatusPage.CONTENT_SECURITY_POLICY)
                .startsWith("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(digest) + "'")
                .doesNotContain("unsafe");
    }

    @Test
    void whatMayBecomeAnAlertStandsInTheHeadlineToo() {
        pass(3, "tiny", 120);
        assertThat(page(ready("tiny")))
                .contains("headline state poor")
                .contains("Half of the requests take longer than 100 ms, since 20 s.")
                .contains("<span class=\"state poor\">pending</span>");
    }

    @Test
    void anAlertStandsInTheHeadline() {
        pass(12, "tiny", 700);
        assertThat(page(ready("tiny")))
                .contains("headline state bad")
                .contains("Half of the requests take longer than 100 ms, and 1 more alert.")
                .contains("<span class=\"state bad\">firing</span>");
    }

    @Test
    void theVersionsOfAModelStandInItsRow() {
        assertThat(page(
                        new StatusPage.Offered("tiny", "1", "ready"),
                        new StatusPage.Offered("tiny", "", "not loaded"),
                        new StatusPage.Offered("tiny", "2", "ready")))
                .contains("<h1>tiny</h1>", "<code>1, 2</code>")
                .doesNotContain("not loaded");
    }

    @Test
    void withoutTrafficThePageSaysSo() {
        assertThat(page(ready("tiny"))).contains("nobody asked within the last minute", "up for 42 min");
        traffic.ended(Optional.empty(), FULL, 0);
        assertThat(page(ready("tiny"))).contains("All is well: 0.0 requests a second");
    }

    @Test
    void aGapInTheFiguresIsAGapInTheCurve() {
        pass(3, "tiny", 20);
        clock.pass(Duration.ofMinutes(3));
        pass(1, "tiny", 20);
        clock.pass(Duration.ofMinutes(1));
        pass(3, "tiny", 20);
        String page = page(ready("tiny"));
        String latency = page.substring(page.indexOf(">Latency<"), page.indexOf(">Not answered<"));
        assertThat(latency.split("<polyline", -1)).hasSize(1 + 3 * 2);
        assertThat(latency.split("<circle", -1)).hasSize(1 + 3);
    }

    @Test
    void figuresAreShownAsPeopleReadThem() {
        assertThat(Shown.number(Double.NaN)).isEqualTo("–");
        assertThat(Shown.number(5)).isEqualTo("5");
        assertThat(Shown.number(0.25)).isEqualTo("0.3");
        assertThat(Shown.number(12_345.6)).isEqualTo("12\u202f346");
        assertThat(Shown.time(0.0042)).isEqualTo("4.2 ms");
        assertThat(Shown.time(1.25)).isEqualTo("1.3 s");
        assertThat(Shown.percent(0.125)).isEqualTo("13 %");
        assertThat(Shown.ago(Duration.ofSeconds(119))).isEqualTo("119 s");
        assertThat(Shown.ago(Duration.ofHours(47))).isEqualTo("47 h");
        assertThat(Shown.ago(Duration.ofDays(3))).isEqualTo("3 d");
    }
}
