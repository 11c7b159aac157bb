package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final Queue<Integer> answers = new ArrayDeque<>();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            taken.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Integer status = answers.poll();
            exchange.sendResponseHeaders(status == null ? 200 : status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/alerts");
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(2);
        }
    }

    @Test
    void whatTheReceiverCannotTakeNowIsToldAgain() throws InterruptedException {
        answers.addAll(List.of(503, 429, 500));
        try (var webhook = new Webhook(address(), SHORT)) {
            webhook.tell("one");
            webhook.tell("two");
            await(() -> webhook.delivered() == 2);
            assertThat(taken).containsExactly("one", "one", "one", "one", "two");
            assertThat(webhook.lost()).isZero();
        }
    }

    @Test
    void whatTheReceiverRefusesIsGivenUp() throws InterruptedException {
        answers.add(400);
        try (var webhook = new Webhook(address(), SHORT)) {
            webhook.tell("one");
            await(() -> webhook.lost() == 1);
            assertThat(taken).hasSize(1);
        }
    }

    @Test
    void whereNobodyListensTheTriesEnd() throws InterruptedException {
        URI nobody = address();
        receiver.stop(0);
        try (var webhook = new Webhook(nobody, SHORT)) {
            webhook.tell("one");
            await(() -> webhook.lost() == 1);
            assertThat(webhook.delivered()).isZero();
        }
    }

    @Test
    void tellingNeverWaits() {
        answers.add(503);
        try (var webhook = new Webhook(address(), Duration.ofMinutes(1))) {
            for (int i = 0; i < 1_000; i++) {
                webhook.tell("notice " + i);
            }
            assertThat(webhook.lost()).isGreaterThan(900);
        }
    }

    @Test
    void aNoticeIsOneOfAlertmanagers() throws IOException {
        Instant began = Instant.parse("2026-11-21T12:00:00Z");
        Rule rule = Rule.BUILT_IN.get(0);
        var firing = new Alert(rule, "<b>tiny", Alert.State.FIRING, 0.25, began, Instant.MAX);
        var ended = new Alert(rule, "<b>tiny", Alert.State.OK, Double.NaN, began.plusSeconds(90), Instant.MAX);
        JsonNode first = new ObjectMapper().readTree(AlertText.notice(Alert.of(rule, "<b>tiny", began), firing));
        assertThat(first.get("version").asText()).isEqualTo("4");
        assertThat(first.get("status").asText()).isEqualTo("firing");
        JsonNode alert = first.at("/alerts/0");
        assertThat(alert.at("/labels/alertname").asText()).isEqualTo("GraftLatencyP50High");
        assertThat(alert.at("/labels/severity").asText()).isEqualTo("warning");
        assertThat(alert.at("/labels/model").asText()).isEqualTo("<b>tiny");
        assertThat(alert.at("/annotations/value").asText()).isEqualTo("0.25");
        assertThat(alert.get("startsAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
        JsonNode last = new ObjectMapper().readTree(AlertText.notice(firing, ended));
        assertThat(last.get("status").asText()).isEqualTo("resolved");
        assertThat(last.at("/alerts/0/startsAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(last.at("/alerts/0/endsAt").asText()).isEqualTo("2026-11-21T12:01:30Z");
    }
}
