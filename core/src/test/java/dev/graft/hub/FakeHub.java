package dev.graft.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** Hugging Face's addresses on this machine: small files answer at once, large ones send to another host. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final HttpServer server;
    private final Map<String, byte[]> files = new HashMap<>();

    /** Method, path, Range and Authorization of each request. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** Bytes after which the connection is cut, as often as this list is long. */
    final List<Integer> cuts = Collections.synchronizedList(new ArrayList<>());

    /** Statuses that are answered before anything else, with their Retry-After. */
    final List<int[]> refusals = Collections.synchronizedList(new ArrayList<>());

    String errorCode = "";
    boolean ranges = true;
    boolean corrupt;

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private String otherHost() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    FakeHub with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path + " "
                + exchange.getRequestHeaders().getFirst("Range") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        try (exchange) {
            if (!refusals.isEmpty()) {
                int[] refusal = refusals.remove(0);
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(refusal[1]));
                exchange.sendResponseHeaders(refusal[0], -1);
                return;
            }
            byte[] content = files.get(path.replaceFirst("^/cdn/|^.*/resolve/[^/]*/", ""));
            if (content == null) {
                exchange.getResponseHeaders().set("X-Error-Code", errorCode.isEmpty() ? "EntryNotFound" : errorCode);
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            describe(exchange, path, content);
        }
    }

    private void describe(HttpExchange exchange, String path, byte[] content) throws IOException {
        boolean large = path.endsWith(".onnx");
        var headers = exchange.getResponseHeaders();
        headers.set("X-Repo-Commit", COMMIT);
        headers.set("ETag", "\"" + (large ? "0".repeat(32) : gitDigest(content)) + "\"");
        if (large && !path.startsWith("/cdn/")) {
            headers.set("X-Linked-Etag", "\"" + Digest.of(content) + "\"");
            headers.set("X-Linked-Size", Integer.toString(content.length));
            headers.set("Location", otherHost() + "/cdn/" + path.replaceFirst(".*/resolve/[^/]*/", ""));
            exchange.sendResponseHeaders(302, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            send(exchange, content);
        }
    }

    private void send(HttpExchange exchange, byte[] original) throws IOException {
        byte[] content = original.clone();
        if (corrupt) {
            content[content.length / 2] ^= 1;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int start = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
        int end = cuts.isEmpty() ? content.length : Math.min(content.length, start + cuts.remove(0));
        exchange.getResponseBody().write(content, start, end - start);
        exchange.getResponseBody().flush();
    }

    static String gitDigest(byte[] content) throws IOException {
        var file = java.nio.file.Files.createTempFile("graft", ".blob");
        try {
            return GitDigest.of(java.nio.file.Files.write(file, content));
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
