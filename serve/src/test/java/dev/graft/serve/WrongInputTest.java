package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may get wrong is told in one form, and harms nobody else. */
@Timeout(60)
class WrongInputTest {
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

    private static void assertProblem(HttpResponse<String> response, int status, String part) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = Running.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asText()).contains(part);
        assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
        assertThat(problem.get("error_type").asText()).isNotEmpty();
        assertThat(problem.get("title").asText()).isNotEmpty();
    }

    static Stream<Arguments> bodies() {
        String list = "[" + String.join(",", Collections.nCopies(10_000, "\"a\"")) + "]";
        return Stream.of(
                Arguments.of("", 400, "JSON object"),
                Arguments.of("card", 400, "no valid JSON"),
                Arguments.of("[1]", 400, "JSON object"),
                Arguments.of("{\"inputs\": \"a\"", 400, "no valid JSON"),
                Arguments.of("{\"inputs\": \"a\"} {}", 400, "goes on"),
                Arguments.of("{\"inputs\": \"a\", \"inputs\": \"b\"}", 400, "Duplicate"),
                Arguments.of("{\"inputs\": " + "[".repeat(5_000) + "}", 400, "nesting"),
                Arguments.of("{\"inputs\": \"a\", \"x\": " + "1".repeat(5_000) + "}", 400, "umber"),
                Arguments.of("{}", 422, "'inputs' is missing"),
                Arguments.of("{\"inputs\": null}", 422, "'inputs' is missing"),
                Arguments.of("{\"inputs\": []}", 422, "must not be empty"),
                Arguments.of("{\"inputs\": \"\"}", 422, "cannot be empty"),
                Arguments.of("{\"inputs\": [\"a\", \"\"]}", 422, "cannot be empty"),
                Arguments.of("{\"inputs\": 7}", 422, "not a number"),
                Arguments.of("{\"inputs\": {\"a\": 1}}", 422, "not an object"),
                Arguments.of("{\"inputs\": [1]}", 422, "not a number"),
                Arguments.of("{\"inputs\": [null]}", 422, "not null"),
                Arguments.of("{\"inputs\": [[\"a\", \"b\"]]}", 422, "'tiny' reads single texts"),
                Arguments.of("{\"inputs\": [[\"a\", \"\"]]}", 422, "cannot be empty"),
                Arguments.of("{\"inputs\": [[\"a\", 7]]}", 422, "not a number"),
                Arguments.of("{\"inputs\": [[\"a\", \"b\", \"c\"]]}", 422, "not a list"),
                Arguments.of("{\"inputs\": " + list + "}", 413, "batch size 10000 > maximum allowed batch size 8"),
                Arguments.of("{\"inputs\": \"a\", \"truncate\": \"yes\"}", 422, "true or false"),
                Arguments.of("{\"inputs\": \"a\", \"truncation_direction\": \"up\"}", 422, "\"Left\" or \"Right\""),
                Arguments.of("{\"input\": \"a\"}", 422, "did you mean 'inputs'"),
                Arguments.of("{\"inputs\": \"" + "a".repeat(200_000) + "\"}", 413, "--payload-limit"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void wrongBodiesAreToldInOneForm(String body, int status, String part) throws Exception {
        assertProblem(server.post("/predict", body), status, part);
        assertStillAnswers();
    }

    private static void assertStillAnswers() throws Exception {
        assertThat(server.post("/predict", "{\"inputs\": \"card\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void bytesThatAreNoUtf8AreNoJson() throws Exception {
        byte[] body = "{\"inputs\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertProblem(
                server.send(server.request("/predict").POST(BodyPublishers.ofByteArray(body))), 400, "no valid JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00 card", "\\u0000", "card\\u0000lost", "\\ud83d\\ude00", "\\u202e"})
    void oddCharactersAreAnswered(String text) throws Exception {
        assertThat(server.post("/predict", "{\"inputs\": \"" + text + "\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTextOfAMegabyteIsAnsweredWhereItIsTaken() throws Exception {
        ServeSettings some = Running.SETTINGS;
        var settings = new ServeSettings(
                some.host(), 0, some.batching(), 8, 8, 2_000_000, 0, some.cacheTime(), 2, 1, some.drainTime());
        try (Running large = Running.in(folder, settings)) {
            String body = "{\"inputs\": \"" + "card lost ".repeat(100_000) + "\"}";
            assertThat(large.post("/predict", body).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/models/nope/predict",
                "/models/..%2f..%2fetc/predict",
                "/models/%00/predict",
                "/models/tiny%2Fx/predict"
            })
    void modelsThatAreNotOfferedAreNotFound(String path) throws Exception {
        assertThat(server.post(path, "{\"inputs\": \"card\"}").statusCode()).isIn(400, 404);
        assertStillAnswers();
    }

    @Test
    void addressesAndMethodsThatAreNotThereAreTold() throws Exception {
        assertProblem(server.get("/nothing"), 404, "nothing at this address");
        assertProblem(server.get("/predict"), 405, "method");
        assertProblem(server.post("/models/nope/predict", "{\"inputs\": \"a\"}"), 404, "no model 'nope'");
    }

    @Test
    void headersThatAskForSomethingMustBeNumbers() throws Exception {
        for (String value : new String[] {"soon", "-1", "0", "99999999999999999999", ""}) {
            HttpResponse<String> response = server.send(server.request("/predict")
                    .header(Exchange.TIMEOUT, value)
                    .POST(BodyPublishers.ofString("{\"inputs\": \"card\"}")));
            assertProblem(response, 400, Exchange.TIMEOUT);
        }
    }

    @Test
    void oversizedHeadersAreRefused() throws Exception {
        String answer = raw("POST /predict HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(100_000)
                + "\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 4");
        assertStillAnswers();
    }

    @Test
    void gibberishIsRefused() throws Exception {
        assertThat(raw("GIBBERISH\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertStillAnswers();
    }

    @Test
    void aClientThatHangsUpInTheMiddleHarmsNobody() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream()
                        .write("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"inputs\""
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        assertStillAnswers();
    }

    /** What comes back for bytes that no client library would send. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] buffer = new byte[4096];
            InputStream in = socket.getInputStream();
            int read = in.read(buffer);
            return new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
        }
    }
}
