package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests with bytes changed, cut, doubled and swapped, over HTTP and gRPC: each gets an answer of its own or is told
 * what is wrong with it, and never a 500.
 */
@Tag("slow")
@Timeout(300)
class RequestFuzzTest {
    private static final int SHORT = 1_500;
    private static final Set<Integer> TOLD = Set.of(200, 400, 404, 405, 413, 414, 415, 422, 429, 504);
    private static final Set<String> TOLD_BY_GRPC = Set.of("0", "3", "4", "5", "8", "12");
    /** The codes of gRPC itself for frames that end too early and for bytes that are no message. */
    private static final Set<String> BROKEN_MESSAGE = Set.of("2", "13");

    private static final String DEFECT = "The request failed for a reason inside the server";
    private static final List<String> SEEDS = List.of(
            "{\"inputs\": \"card lost\", \"raw_scores\": true, \"truncate\": true}",
            "{\"inputs\": [\"card\", \"money sent\", \"\\ud83d\\ude00\"], \"truncate\": false}",
            "{\"inputs\": [[\"card\"], [\"lost\"]], \"normalize\": false}",
            "{\"id\": \"1\", \"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\":"
                    + " [\"card\", \"lost\"]}], \"outputs\": [{\"name\": \"label\"}]}",
            "{\"inputs\": [{\"name\": \"input_ids\", \"datatype\": \"INT64\", \"shape\": [2, 3], \"data\": [[2, 4, 3],"
                    + " [2, 5, 3]]}, {\"name\": \"attention_mask\", \"datatype\": \"INT32\", \"shape\": [2, 3],"
                    + " \"data\": [1, 1, 1, 1, 1, 0]}], \"parameters\": {\"binary_data_output\": true}}",
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\":"
                    + " {\"binary_data_size\": 8}}]}\u0004\u0000\u0000\u0000card");
    private static final List<String> PATHS =
            List.of("/predict", "/embed", "/models/tiny/predict", "/v2/models/tiny/infer", "/v2/repository/index");
    private static final String TOKENS = "{}[]\",:0123456789.eE+-\\u\u0000\u00ff truefalsenull";

    @TempDir
    Path folder;

    /** Any number of requests: {@code RequestFuzzTest COUNT SEED}. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("graft-fuzz-");
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            new RequestFuzzTest().fuzz(server, Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
        } finally {
            dev.graft.SafeFile.delete(folder);
        }
    }

    @Test
    void mutatedRequestsAreToldWhatIsWrong() throws Exception {
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            fuzz(server, SHORT, 20261121);
        }
    }

    private void fuzz(Running server, int count, long seed) throws Exception {
        var random = new Random(seed);
        var statuses = new TreeMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            byte[] body = mutated(random);
            String status = random.nextInt(4) == 0 ? grpc(server, body, random) : http(server, body, random);
            statuses.merge(status, 1, Integer::sum);
            if (i % 50 == 0) {
                assertAnswersItsOwn(server, random);
            }
        }
        assertThat(statuses).as("what came back").containsKeys("HTTP 200", "HTTP 400", "HTTP 422");
    }

    private static byte[] mutated(Random random) {
        byte[] body = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int changes = random.nextInt(4); changes > 0 && body.length > 0; changes--) {
            body = mutated(body, random);
        }
        return body;
    }

    private static byte[] mutated(byte[] body, Random random) {
        int at = random.nextInt(body.length);
        int length = random.nextInt(Math.min(20, body.length - at) + 1);
        byte[] changed = body.clone();
        switch (random.nextInt(4)) {
            case 0 -> changed[at] = (byte) random.nextInt(256);
            case 1 -> changed[at] = (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
            case 2 -> {
                changed = new byte[body.length - length];
                System.arraycopy(body, 0, changed, 0, at);
                System.arraycopy(body, at + length, changed, at, body.length - at - length);
            }
            default -> {
                changed = new byte[body.length + length];
                System.arraycopy(body, 0, changed, 0, at + length);
                System.arraycopy(body, at, changed, at + length, body.length - at);
            }
        }
        return changed;
    }

    private static String http(Running server, byte[] body, Random random) throws Exception {
        HttpRequest.Builder request =
                server.request(PATHS.get(random.nextInt(PATHS.size()))).POST(BodyPublishers.ofByteArray(body));
        if (random.nextInt(3) == 0) {
            request.header(V2Request.JSON_LENGTH, Integer.toString(random.nextInt(body.length + 3)));
        }
        HttpResponse<String> response = server.send(request);
        assertThat(response.statusCode())
                .as(new String(body, StandardCharsets.ISO_8859_1) + " -> " + response.body())
                .isIn(TOLD);
        return "HTTP " + response.statusCode();
    }

    /** The body as a gRPC message: it is hardly ever one. */
    private static String grpc(Running server, byte[] body, Random random) throws Exception {
        byte[] framed = new byte[body.length + 5];
        framed[3] = (byte) (body.length >> 8);
        framed[4] = (byte) body.length;
        System.arraycopy(body, 0, framed, 5, body.length);
        if (random.nextInt(4) == 0) {
            framed[random.nextInt(framed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        HttpResponse<String> response = server.client()
                .send(
                        server.request("/inference.GRPCInferenceService/ModelInfer")
                                .header("content-type", "application/grpc+proto")
                                .version(java.net.http.HttpClient.Version.HTTP_2)
                                .POST(BodyPublishers.ofByteArray(framed))
                                .build(),
                        BodyHandlers.ofString());
        String status = response.headers().firstValue("grpc-status").orElse("in the trailers");
        String message = response.headers().firstValue("grpc-message").orElse("");
        assertThat(message).isNotEqualTo(DEFECT);
        if (!status.equals("in the trailers") && !BROKEN_MESSAGE.contains(status)) {
            assertThat(TOLD_BY_GRPC)
                    .as(new String(framed, StandardCharsets.ISO_8859_1) + ": " + message)
                    .contains(status);
        }
        return "gRPC " + status;
    }

    private static void assertAnswersItsOwn(Running server, Random random) throws IOException, InterruptedException {
        int word = 4 + random.nextInt(4);
        JsonNode scores = Running.json(
                server.post("/predict", "{\"inputs\": \"" + TinyBundle.WORDS.get(word) + "\", \"raw_scores\": true}"));
        float[] expected = TinyBundle.logits(2, word, 3);
        for (JsonNode score : scores) {
            int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(expected[label], within(1e-5));
        }
    }
}
