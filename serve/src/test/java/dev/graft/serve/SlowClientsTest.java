package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send slowly, go half way, or never read take nothing from those that behave. */
@Tag("slow")
@Timeout(180)
class SlowClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int REQUESTS = 64;
    private static final String BODY = "{\"inputs\": \"card lost\"}";
    private static final String WHOLE =
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

    @TempDir
    Path folder;

    private Optional<Running> running = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        var security = new Security(Optional.empty(), 0, false, Optional.empty(), 1_000, PATIENCE, notice -> {});
        running = Optional.of(Running.in(folder, Running.with(REQUESTS, 8, 0).withSecurity(security)));
    }

    @AfterEach
    void stop() {
        running.orElseThrow().close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", running.orElseThrow().port()));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void assertOthersAreAnswered() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(running.orElseThrow().post("/predict", BODY).statusCode())
                    .isEqualTo(200);
        }
    }

    /** What comes up to some text. */
    private static String until(Socket socket, String end) throws IOException {
        var read = new StringBuilder();
        for (int next = 0; next >= 0 && read.indexOf(end) < 0; ) {
            next = socket.getInputStream().read();
            read.append((char) next);
        }
        return read.toString();
    }

    /** All that comes until the server closes. */
    private static String rest(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    @Test
    void headersThatDribbleInAreGivenUp() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sockets.add(connect());
            send(sockets.get(i), "POST /predict HTTP/1.1\r\nHost: x\r\n");
        }
        assertOthersAreAnswered();
        long start = System.nanoTime();
        int open = sockets.size();
        while (open > 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.multipliedBy(15));
            Thread.sleep(200);
            open = 0;
            for (Socket socket : sockets) {
                open += dribble(socket, "X-More: 1\r\n") ? 1 : 0;
            }
        }
        assertOthersAreAnswered();
    }

    /** Sends a little more; false where the server has hung up. */
    private static boolean dribble(Socket socket, String text) {
        try {
            send(socket, text);
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void aConnectionThatAsksNowAndThenIsKept() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                send(socket, WHOLE);
                assertThat(until(socket, "}]")).startsWith("HTTP/1.1 200");
                Thread.sleep(PATIENCE.multipliedBy(2).toMillis());
            }
        }
    }

    @Test
    void bodiesThatDribbleInTakeNoRoomFromOthers() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3 * REQUESTS; i++) {
            sockets.add(connect());
            send(sockets.get(i), "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n{\"inputs\"");
        }
        assertOthersAreAnswered();
        Thread.sleep(Lingering.DAWDLING.toMillis());
        assertOthersAreAnswered();
        String first = until(sockets.get(0), "}");
        assertThat(first).startsWith("HTTP/1.1 408").contains("application/problem+json", "did not come in time");
        assertOthersAreAnswered();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void aSocketThatIsHalfClosedIsTakenForOneThatIsGone() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = connect()) {
                send(socket, WHOLE);
                socket.shutdownOutput();
                assertThat(rest(socket)).matches("(?s)|HTTP/1.1 200.*");
            }
        }
        assertOthersAreAnswered();
    }

    @Test
    void aSocketThatIsHalfClosedInTheMiddleIsClosed() throws Exception {
        for (String part : List.of("", "POST /pre", "POST /predict HTTP/1.1\r\nHost: x\r\n", WHOLE.substring(0, 70))) {
            try (Socket socket = connect()) {
                send(socket, part);
                socket.shutdownOutput();
                assertThat(rest(socket)).doesNotContain("200 OK");
            }
        }
        assertOthersAreAnswered();
    }

    @Test
    void aClientThatAsksOnAndNeverReadsIsHeldUp() throws Exception {
        try (Socket socket = connect()) {
            byte[] many = WHOLE.repeat(500).getBytes(StandardCharsets.US_ASCII);
            long sent = Flood.taken(socket.getOutputStream()::write, many, 200_000_000);
            assertThat(sent).as("bytes that were taken").isLessThan(30_000_000);
            assertOthersAreAnswered();
        }
        assertOthersAreAnswered();
    }

    @Test
    void moreConnectionsThanAreTakenAreClosedAtOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 1_050; i++) {
            sockets.add(connect());
        }
        Thread.sleep(500);
        for (Socket socket : sockets) {
            refused += dribble(socket, "G") ? 0 : 1;
        }
        assertThat(refused).isBetween(50, 60);
        for (Socket socket : sockets) {
            socket.close();
        }
        Thread.sleep(500);
        assertOthersAreAnswered();
    }
}
