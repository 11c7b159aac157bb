package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed leaves nothing behind that the next one would stumble over. */
@Tag("slow")
@Timeout(300)
class ServeRestartTest {
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** Asks on and on; that a connection breaks is no fault, a wrong answer is. */
    private void load(int port) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/predict"))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString("{\"inputs\": \"card lost\"}"))
                .build();
        while (!stopped.get()) {
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                boolean whole = response.statusCode() == 200
                        && response.body().contains("\"label\":\"card\"")
                        && response.body().endsWith("}]");
                (whole ? answered : wrong).incrementAndGet();
            } catch (IOException broken) {
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Test
    void aServerThatIsKilledUnderLoadStartsAgainOnItsPort() throws Exception {
        String bundle =
                TinyBundle.write(Files.createDirectory(folder.resolve("one"))).toString();
        int port = freePort();
        List<Thread> clients = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                try (var process =
                        GraftProcess.start(folder, "serve", "tiny=" + bundle, "--port", Integer.toString(port))) {
                    process.awaitMessage("serving");
                    assertThat(process.isAlive()).as(process.messages()).isTrue();
                    while (clients.size() < CLIENTS) {
                        clients.add(new Thread(() -> load(port)));
                        clients.get(clients.size() - 1).start();
                    }
                    int before = answered.get();
                    while (answered.get() < before + 100) {
                        Thread.sleep(10);
                    }
                    process.kill();
                }
            }
        } finally {
            stopped.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(wrong).hasValue(0);
        try (Stream<Path> left = Files.list(Path.of(bundle))) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
    }
}
