package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the HTTP layer itself refuses is told in the same form as everything else. */
@Timeout(60)
class ProtocolErrorsTest {
    private static final String HOST = " HTTP/1.1\r\nHost: x\r\n";
    private static final String BODY = "Content-Length: 2\r\n\r\n{}";

    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        server = Running.in(folder, Running.SETTINGS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("GIBBERISH\r\n\r\n", 400),
                Arguments.of("GET /" + "a".repeat(20_000) + HOST + "\r\n", 414),
                Arguments.of("POST /predict" + HOST + "X-Long: " + "a".repeat(20_000) + "\r\n" + BODY, 431),
                Arguments.of("POST /predict" + HOST + "X-More: 1\r\n".repeat(3_000) + BODY, 431),
                Arguments.of("POST /predict" + HOST + "Content-Length: -5\r\n\r\n", 400),
                Arguments.of("POST /predict" + HOST + "Content-Length: many\r\n\r\n", 400),
                Arguments.of("POST /predict" + HOST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
                Arguments.of("POST /predict" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
                Arguments.of("POST /predict" + HOST + "Expect: miracles\r\n" + BODY, 417),
                Arguments.of("POST /predict" + HOST + "Content-Length: 200000\r\n\r\n{", 413),
                Arguments.of("BREW /predict" + HOST + "\r\n", 405),
                Arguments.of("GET /%zz" + HOST + "\r\n", 400),
                Arguments.of("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
                Arguments.of("GET /nothing" + HOST + "\r\n", 404),
                Arguments.of("GET /predict" + HOST + "\r\n", 405));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatTheProtocolForbidsIsToldAsAProblem(String request, int status) throws Exception {
        String answer = raw(request);
        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("content-type: application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotEmpty();
        assertThat(problem.get("detail").asText()).isNotEmpty();
        assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
        assertThat(answer).doesNotContain("armeria", "netty", "Exception");
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    /** The answer to bytes that no client library would send. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var read = new StringBuilder();
            for (int next = 0; next >= 0 && read.indexOf("\"}") < 0; ) {
                next = socket.getInputStream().read();
                read.append((char) next);
            }
            return read.toString();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /predict                       | POST",
                "PUT    | /embed                         | POST",
                "DELETE | /v2/models/tiny                | GET, HEAD",
                "POST   | /health                        | GET, HEAD",
                "PATCH  | /v2/models/tiny/infer          | POST",
                "GET    | /v2/repository/models/tiny/load | POST",
                "OPTIONS | /metrics                      | GET, HEAD",
            })
    void aMethodThatIsNotTakenIsToldWhichAre(String method, String path, String allow) throws Exception {
        HttpResponse<String> response = server.send(server.request(path).method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().allValues("allow")).containsExactly(allow);
        assertThat(Running.json(response).get("detail").asText()).contains("method");
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        HttpResponse<String> response = server.send(server.request("/health").method("HEAD", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }
}
