package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpMethod;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A server of the tiny bundle on a free port, and a client of it. */
final class Running implements AutoCloseable {
    static final ServeSettings SETTINGS = with(64, 8, 0);

    /** An answer that comes before the body is read ends its stream, of which JDK 25's client then tells instead. */
    private static final int EARLY_ANSWERS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InferenceServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Running(InferenceServer server) {
        this.server = server;
    }

    static ServeSettings with(int maxConcurrentRequests, int maxClientBatchSize, long cacheBytes) {
        ServeSettings some = ServeSettings.DEFAULT;
        return new ServeSettings(
                some.host(),
                0,
                some.batching(),
                maxConcurrentRequests,
                maxClientBatchSize,
                100_000,
                cacheBytes,
                Duration.ofMinutes(1),
                2,
                1,
                Duration.ofSeconds(5));
    }

    /** The tiny bundle, served as {@code tiny}. */
    static Running in(Path folder, ServeSettings settings) throws IOException {
        var running = new Running(InferenceServer.start(Map.of("tiny", bundle(folder)), settings));
        return settings.security().tls().isPresent() ? running : running.upgraded();
    }

    /** The connection takes HTTP/2 on by a short answer: with a long one the JDK's client was once seen to lose its place. */
    private Running upgraded() throws IOException {
        try {
            client.send(request("/health").build(), HttpResponse.BodyHandlers.discarding());
            return this;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static Running of(InferenceServer server) {
        return new Running(server);
    }

    /** A new tiny bundle below a folder. */
    static Path bundle(Path folder) throws IOException {
        return TinyBundle.write(Files.createTempDirectory(folder, "tiny"));
    }

    /** What is offered at each address. */
    Map<String, Set<HttpMethod>> addresses() {
        return server.addresses();
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        for (int again = 0; ; again++) {
            try {
                return client.send(request.build(), BodyHandlers.ofString());
            } catch (IOException e) {
                if (again == EARLY_ANSWERS || !String.valueOf(e.getMessage()).contains("RST_STREAM")) {
                    throw e;
                }
            }
        }
    }

    HttpClient client() {
        return client;
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
    }
}
