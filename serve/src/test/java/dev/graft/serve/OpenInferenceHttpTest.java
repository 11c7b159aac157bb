package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.TinyBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpenInferenceHttpTest {
    private static final double CLOSE = 1e-5;
    private static final String INFER = "/v2/models/tiny/infer";

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

    private static String text(String data) {
        return "{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": " + data + "}";
    }

    private static JsonNode output(JsonNode answer, String name) {
        for (JsonNode output : answer.get("outputs")) {
            if (output.get("name").asText().equals(name)) {
                return output;
            }
        }
        throw new AssertionError("no output " + name + " in " + answer);
    }

    @Test
    void textsAreAnsweredWithLabelsAndProbabilities() throws Exception {
        HttpResponse<String> response =
                server.post(INFER, "{\"id\": \"7\", \"inputs\": [" + text("[\"card lost\", \"money\"]") + "]}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = Running.json(response);
        assertThat(answer.get("model_name").asText()).isEqualTo("tiny");
        assertThat(answer.get("model_version").asText()).matches("[0-9a-f]{12}");
        assertThat(answer.get("id").asText()).isEqualTo("7");
        assertThat(answer.at("/parameters/prediction_id").asText())
                .isEqualTo(response.headers().firstValue(Exchange.PREDICTION_ID).orElseThrow());
        JsonNode logits = output(answer, "logits");
        assertThat(logits.get("shape").toString()).isEqualTo("[2,3]");
        assertThat(logits.get("datatype").asText()).isEqualTo("FP32");
        float[] expected = TinyBundle.logits(2, 4, 5, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(logits.get("data").get(i).asDouble()).isCloseTo(expected[i], within(CLOSE));
        }
        assertThat(output(answer, "label").get("data")).hasSize(2);
        assertThat(output(answer, "probabilities").get("data")).hasSize(6);
    }

    @Test
    void onlyWhatIsAskedForComes() throws Exception {
        JsonNode answer = Running.json(server.post(
                INFER, "{\"inputs\": [" + text("[\"a\", \"b\"]") + "], \"outputs\": [{\"name\": \"features\"}]}"));
        assertThat(answer.get("outputs")).hasSize(1);
        assertThat(output(answer, "features").get("shape").toString()).isEqualTo("[2,4]");
    }

    @Test
    void tensorsOfTokensAreAnsweredAsTheirTexts() throws Exception {
        String ids = "{\"name\": \"input_ids\", \"datatype\": \"INT64\", \"shape\": [2, 4],"
                + " \"data\": [[2, 4, 5, 3], [2, 6, 3, 0]]}";
        String mask = "{\"name\": \"attention_mask\", \"datatype\": \"INT64\", \"shape\": [2, 4],"
                + " \"data\": [1, 1, 1, 1, 1, 1, 1, 0]}";
        JsonNode answer = Running.json(server.post(INFER, "{\"inputs\": [" + ids + ", " + mask + "]}"));
        JsonNode logits = output(answer, "logits").get("data");
        float[] second = TinyBundle.logits(2, 6, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(logits.get(3 + i).asDouble()).isCloseTo(second[i], within(CLOSE));
        }
    }

    @Test
    void tensorsComeAndGoAsBytes() throws Exception {
        byte[] texts = texts("card lost", "money");
        String head = "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2],"
                + " \"parameters\": {\"binary_data_size\": " + texts.length + "}}],"
                + " \"outputs\": [{\"name\": \"logits\", \"parameters\": {\"binary_data\": true}},"
                + " {\"name\": \"label\", \"parameters\": {\"binary_data\": true}}, {\"name\": \"probabilities\"}]}";
        HttpResponse<byte[]> response = binary(head, texts, head.length());
        assertThat(response.statusCode()).isEqualTo(200);
        int length = Integer.parseInt(
                response.headers().firstValue(V2Request.JSON_LENGTH).orElseThrow());
        JsonNode answer = new ObjectMapper().readTree(response.body(), 0, length);
        assertThat(output(answer, "logits").at("/parameters/binary_data_size").asInt())
                .isEqualTo(24);
        assertThat(output(answer, "probabilities").get("data")).hasSize(6);
        ByteBuffer bytes = ByteBuffer.wrap(response.body(), length, response.body().length - length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] expected = TinyBundle.logits(2, 4, 5, 3);
        assertThat(bytes.getFloat()).isCloseTo(expected[0], within((float) CLOSE));
        bytes.position(24);
        byte[] label = new byte[bytes.getInt()];
        bytes.get(label);
        assertThat(TinyBundle.LABELS).contains(new String(label, StandardCharsets.UTF_8));
    }

    private static byte[] texts(String... texts) {
        var bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }

    private static HttpResponse<byte[]> binary(String head, byte[] behind, int length) throws Exception {
        var body = new ByteArrayOutputStream();
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(behind);
        return server.client()
                .send(
                        server.request(INFER)
                                .header(V2Request.JSON_LENGTH, Integer.toString(length))
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    @Test
    void bytesThatDoNotFitTheirTensorAreRefused() throws Exception {
        for (int size : new int[] {0, 5, 1 << 30, -1}) {
            String head = "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
                    + " \"parameters\": {\"binary_data_size\": " + size + "}}]}";
            assertThat(binary(head, texts("card"), head.length()).statusCode()).isEqualTo(422);
        }
        byte[] lying = texts("card");
        lying[3] = 0x7f;
        String head = "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
                + " \"parameters\": {\"binary_data_size\": 8}}]}";
        assertThat(binary(head, lying, head.length()).statusCode()).isEqualTo(422);
        assertThat(binary(head, texts("card"), 100_000).statusCode()).isEqualTo(400);
    }

    static Stream<Arguments> wrong() {
        String ids = "\"name\": \"input_ids\", \"datatype\": \"INT64\"";
        return Stream.of(
                Arguments.of("{\"inputs\": []}", "'input_ids' is missing"),
                Arguments.of("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP8\"}]}", "data type 'FP8'"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [1, 2], \"data\": [1]}]}", "shape asks for 2"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [-1, 2], \"data\": []}]}", "shape"),
                Arguments.of(
                        "{\"inputs\": [{" + ids + ", \"shape\": [4294967296, 4294967296], \"data\": []}]}", "shape"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [1, 1], \"data\": [1.5]}]}", "no value of INT64"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [1, 1], \"data\": [99]}]}", "holds 99"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [1, 1], \"data\": [-1]}]}", "holds -1"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [1], \"data\": [1]}]}", "[rows,tokens]"),
                Arguments.of("{\"inputs\": [{" + ids + ", \"shape\": [0, 0], \"data\": []}]}", "taken are 1 to"),
                Arguments.of(
                        "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [1]}]}",
                        "BYTES"),
                Arguments.of(
                        "{\"inputs\": [" + text("[\"a\", \"b\"]") + "], \"outputs\": [{\"name\": \"nope\"}]}",
                        "no output 'nope'"),
                Arguments.of("{\"inputs\": [" + text("[\"a\", \"\"]") + "]}", "empty"),
                Arguments.of("{\"inputs\": [" + text("[[[\"a\"], 1]]") + "]}", "no value of BYTES"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongTensorsAreTold(String body, String part) throws Exception {
        HttpResponse<String> response = server.post(INFER, body);
        assertThat(response.statusCode()).as(response.body()).isIn(413, 422);
        assertThat(Running.json(response).get("error").asText()).contains(part);
    }

    @Test
    void theServerTellsOfItselfAndItsModels() throws Exception {
        assertThat(server.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(server.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
        assertThat(server.get("/v2/models/tiny/ready").body()).isEqualTo("{\"name\":\"tiny\",\"ready\":true}");
        assertThat(server.get("/v2/models/nope/ready").statusCode()).isEqualTo(404);
        assertThat(Running.json(server.get("/v2")).get("name").asText()).isEqualTo("graft");
        JsonNode model = Running.json(server.get("/v2/models/tiny"));
        assertThat(model.at("/inputs/0/name").asText()).isEqualTo("text");
        assertThat(model.at("/inputs/1/shape").toString()).isEqualTo("[-1,-1]");
        assertThat(model.at("/outputs/1/shape").toString()).isEqualTo("[-1,3]");
        String version = model.at("/versions/0").asText();
        String body = "{\"inputs\": [" + text("[\"a\", \"b\"]") + "]}";
        assertThat(server.post("/v2/models/tiny/versions/" + version + "/infer", body)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.post("/v2/models/tiny/versions/9/infer", body).statusCode())
                .isEqualTo(404);
    }

    @Test
    void modelsAreUnloadedAndLoadedAgain() throws Exception {
        String body = "{\"inputs\": [" + text("[\"a\", \"b\"]") + "]}";
        assertThat(server.post("/v2/repository/models/tiny/unload", "").statusCode())
                .isEqualTo(200);
        assertThat(server.post(INFER, body).statusCode()).isEqualTo(503);
        assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(503);
        JsonNode index = Running.json(server.post("/v2/repository/index", ""));
        assertThat(index.at("/0/state").asText()).isEqualTo("UNAVAILABLE");
        assertThat(Running.json(server.post("/v2/repository/index", "{\"ready\": true}")))
                .isEmpty();
        assertThat(server.post("/v2/repository/models/tiny/load", "{}").statusCode())
                .isEqualTo(200);
        assertThat(server.post(INFER, body).statusCode()).isEqualTo(200);
        assertThat(server.post("/v2/repository/models/nope/load", "").statusCode())
                .isEqualTo(404);
    }
}
