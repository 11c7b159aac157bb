package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is under way is answered for as long as it may take, and a server that has nothing to do ends at once. */
@Timeout(60)
class StoppingTest {
    private static final String BODY = "{\"inputs\": \"card lost\"}";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final int HALF = BODY.length() / 2;

    /** Armeria alone gives a request one second, and an idle server three. */
    private static final Duration LONGER = Duration.ofMillis(1_500);

    private static final Duration AT_ONCE = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    private Running start(Duration drain) throws IOException {
        ServeSettings some = Running.SETTINGS;
        return Running.in(
                folder,
                new ServeSettings(some.host(), 0, some.batching(), 64, 8, 100_000, 0, some.cacheTime(), 2, 1, drain));
    }

    /** A request that has come by half, as the server has said. */
    private static Socket half(Running server) throws Exception {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        send(
                socket,
                "POST /predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + BODY.length()
                        + "\r\n\r\n");
        assertThat(new String(socket.getInputStream().readNBytes(CONTINUE.length()), StandardCharsets.US_ASCII))
                .isEqualTo(CONTINUE);
        send(socket, BODY.substring(0, HALF));
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String heard(Socket socket) throws IOException {
        byte[] buffer = new byte[4_096];
        int read = socket.getInputStream().read(buffer);
        return new String(buffer, 0, Math.max(0, read), StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<Duration> closed(Running server) {
        long start = System.nanoTime();
        return CompletableFuture.runAsync(server::close).thenApply(done -> Duration.ofNanos(System.nanoTime() - start));
    }

    /** The quickest of three, for a machine that does other work may hold up any one. */
    @Test
    void aServerThatHasNothingToDoEndsAtOnce() throws Exception {
        Duration quickest = idleEnd();
        for (int i = 1; i < 3 && quickest.compareTo(AT_ONCE) >= 0; i++) {
            quickest = idleEnd();
        }
        assertThat(quickest).isLessThan(AT_ONCE);
    }

    private Duration idleEnd() throws Exception {
        Running server = start(Duration.ofSeconds(30));
        HttpResponse<String> one = server.post("/predict", BODY);
        assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (var idle = new Socket("127.0.0.1", server.port())) {
            send(idle, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(heard(idle)).startsWith("HTTP/1.1 200");
            Duration taken = closed(server).join();
            idle.getInputStream().readAllBytes(); // comes to an end
            return taken;
        }
    }

    @Test
    void whatIsUnderWayIsAnsweredHoweverLongItTakesWithinTheLimit() throws Exception {
        Running server = start(Duration.ofSeconds(30));
        try (Socket slow = half(server)) {
            CompletableFuture<Duration> closed = closed(server);
            Thread.sleep(LONGER.toMillis());
            assertThat(closed).isNotDone();
            send(slow, BODY.substring(HALF));
            assertThat(heard(slow)).startsWith("HTTP/1.1 200");
            assertThat(closed.join()).isGreaterThan(LONGER);
        }
    }

    @Test
    void whatComesWhileTheServerStopsIsToldSo() throws Exception {
        Running server = start(Duration.ofSeconds(30));
        try (Socket slow = half(server)) {
            CompletableFuture<Duration> closed = closed(server);
            HttpResponse<String> refused = server.post("/predict", BODY);
            for (int i = 0; i < 100 && refused.statusCode() == 200; i++) {
                Thread.sleep(10);
                refused = server.post("/predict", BODY);
            }
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(Running.json(refused).get("detail").asText()).isEqualTo("The server is stopping");
            send(slow, BODY.substring(HALF));
            assertThat(heard(slow)).startsWith("HTTP/1.1 200");
            closed.join();
        }
    }

    @Test
    void whatIsNotReadyWhenTheTimeIsOverIsEnded() throws Exception {
        Running server = start(Duration.ofSeconds(1));
        try (Socket slow = half(server)) {
            assertThat(closed(server).join()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
            assertThat(heard(slow)).doesNotStartWith("HTTP/1.1 200");
        }
    }
}
