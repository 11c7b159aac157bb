package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests with bytes changed, cut, doubled and swapped, to every address over HTTP and gRPC, from several callers at one
 * time: each is told what is wrong with it, and never by a 500; between them come sound ones, each of which must get its
 * own answer.
 */
@Timeout(300)
class RequestFuzzTest {
    private static final int SHORT = 800;
    private static final int CALLERS = 4;
    private static final double CLOSE = 1e-5;
    private static final Set<Integer> TOLD =
            Set.of(200, 202, 204, 400, 404, 405, 409, 413, 414, 415, 422, 429, 431, 503, 504, 507);
    private static final Set<String> TOLD_BY_GRPC = Set.of("0", "3", "4", "5", "8", "9", "12", "14");
    /** The codes of gRPC itself for frames that end too early and for bytes that are no message. */
    private static final Set<String> BROKEN_MESSAGE = Set.of("2", "13");

    private static final String DEFECT = "reason inside the server";
    private static final List<String> BODIES = List.of(
            "{\"inputs\": \"card lost\", \"raw_scores\": true, \"truncate\": true}",
            "{\"inputs\": [\"card\", \"money sent\", \"\\ud83d\\ude00\"], \"truncate\": false}",
            "{\"inputs\": [[\"card\"], [\"lost\"]], \"normalize\": false}",
            "{\"inputs\": \"card lost\", \"add_special_tokens\": false}",
            "{\"ids\": [[2, 4, 3], [5]], \"skip_special_tokens\": true}",
            "{\"input\": [\"card\", \"lost\"], \"model\": \"tiny\", \"encoding_format\": \"base64\"}",
            "{\"parameters\": {\"unload_dependents\": true}}",
            "{\"id\": \"1\", \"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\":"
                    + " [\"card\", \"lost\"]}], \"outputs\": [{\"name\": \"label\"}]}",
            "{\"inputs\": [{\"name\": \"input_ids\", \"datatype\": \"INT64\", \"shape\": [2, 3], \"data\": [[2, 4, 3],"
                    + " [2, 5, 3]]}, {\"name\": \"attention_mask\", \"datatype\": \"INT32\", \"shape\": [2, 3],"
                    + " \"data\": [1, 1, 1, 1, 1, 0]}], \"parameters\": {\"binary_data_output\": true}}",
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\":"
                    + " {\"binary_data_size\": 8}}]}\u0004\u0000\u0000\u0000card",
            "number,text\n1,card\n2,\"money, sent\"\n",
            "{\"text\": \"card\"}\n{\"text\": \"lost\"}\n",
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n--b\r\nContent-Disposition: form-data;"
                    + " name=\"file\"; filename=\"a.csv\"\r\n\r\ntext\ncard\n\r\n--b--\r\n");
    private static final List<String> POSTS = List.of(
            "/predict",
            "/embed",
            "/models/tiny/predict",
            "/tokenize",
            "/decode",
            "/v1/embeddings",
            "/v2/models/tiny/infer",
            "/v2/models/tiny/infer",
            "/v2/repository/index",
            "/v2/repository/models/tiny/load",
            "/jobs",
            "/jobs?model=tiny&text=text&output=jsonl");
    private static final List<String> GETS = List.of(
            "/info",
            "/health",
            "/docs",
            "/jobs",
            "/jobs/00000000-0000-0000-0000-000000000000/events",
            "/v2/models/tiny",
            "/v2/models/tiny/config",
            "/v2/models/tiny/versions/0123456789ab/stats",
            "/v2/models/stats",
            "/v2/logging");

    @TempDir
    Path folder;

    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();

    /** Any number of requests: {@code RequestFuzzTest COUNT SEED}. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("graft-fuzz-");
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            var fuzz = new RequestFuzzTest();
            fuzz.fuzz(server, Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
            Files.writeString(Path.of(arguments[2]), fuzz.outcomes + "\n");
        } finally {
            dev.graft.SafeFile.delete(folder);
        }
    }

    @Test
    void mutatedRequestsAreToldWhatIsWrongAndSoundOnesGetTheirOwnAnswers() throws Exception {
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            fuzz(server, SHORT, 20261121);
        }
        assertThat(outcomes).containsKeys("HTTP 200", "HTTP 400", "HTTP 422", "gRPC 0", "gRPC 3", "sound");
    }

    private void fuzz(Running server, int count, long seed) {
        CompletableFuture<?>[] callers = IntStream.range(0, CALLERS)
                .mapToObj(caller -> CompletableFuture.runAsync(
                        () -> call(server, count / CALLERS, new Random(seed + caller)),
                        task -> new Thread(task, "caller-" + caller).start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(callers).join();
    }

    private void call(Running server, int count, Random random) {
        try {
            for (int i = 0; i < count; i++) {
                String outcome = switch (random.nextInt(8)) {
                    case 0, 1 -> grpc(server, random);
                    case 2 -> get(server, random);
                    default -> post(server, random);
                };
                outcomes.merge(outcome, 1, Integer::sum);
                if (i % 4 == 0) {
                    assertAnswersItsOwn(server, random);
                    outcomes.merge("sound", 1, Integer::sum);
                }
                if (i % 40 == 0) {
                    deleteJobs(server);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T some(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String post(Running server, Random random) throws IOException, InterruptedException {
        byte[] body = Mutation.of(some(BODIES, random).getBytes(StandardCharsets.ISO_8859_1), random);
        HttpRequest.Builder request = server.request(some(POSTS, random)).POST(BodyPublishers.ofByteArray(body));
        switch (random.nextInt(6)) {
            case 0, 1 -> request.header(V2Request.JSON_LENGTH, Integer.toString(random.nextInt(body.length + 3)));
            case 2 -> request.header("content-type", "multipart/form-data; boundary=b");
            case 3 -> request.header(Exchange.PRIORITY, Integer.toString(random.nextInt(40) - 20));
            default -> request.header("content-type", "text/csv");
        }
        return told(server.send(request), new String(body, StandardCharsets.ISO_8859_1));
    }

    private static String get(Running server, Random random) throws IOException, InterruptedException {
        byte[] path = Mutation.of(some(GETS, random).getBytes(StandardCharsets.US_ASCII), random);
        var escaped = new StringBuilder("/");
        for (int i = 1; i < path.length; i++) {
            char c = (char) (path[i] & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0);
            escaped.append(plain ? String.valueOf(c) : "%%%02x".formatted((int) c));
        }
        HttpRequest.Builder request = server.request(escaped.toString()).GET();
        if (random.nextInt(3) == 0) {
            request.header("last-event-id", Long.toString(random.nextLong()));
        }
        return told(server.send(request), escaped.toString());
    }

    private static String told(HttpResponse<String> response, String asked) {
        assertThat(response.statusCode()).as(asked + " -> " + response.body()).isIn(TOLD);
        return "HTTP " + response.statusCode();
    }

    /** One to three messages, whole or broken, to any method. */
    private static String grpc(Running server, Random random) throws IOException, InterruptedException {
        GrpcSeeds.Call call = some(GrpcSeeds.CALLS, random);
        var framed = new ByteArrayOutputStream();
        for (int messages = call.method().contains("Stream") ? 1 + random.nextInt(3) : 1; messages > 0; messages--) {
            byte[] message = Mutation.of(call.message(), random);
            framed.writeBytes(
                    ByteBuffer.allocate(5).put((byte) 0).putInt(message.length).array());
            framed.writeBytes(message);
        }
        byte[] body = framed.toByteArray();
        if (random.nextInt(8) == 0) {
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
        }
        HttpResponse<String> response = server.client()
                .send(
                        server.request("/inference.GRPCInferenceService/" + call.method())
                                .header("content-type", "application/grpc+proto")
                                .version(HttpClient.Version.HTTP_2)
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        assertThat(response.statusCode()).isIn(200, 400, 413);
        assertThat(response.body()).doesNotContain(DEFECT);
        String status = response.headers().firstValue("grpc-status").orElse("0");
        String message = response.headers().firstValue("grpc-message").orElse("");
        assertThat(message).doesNotContain(DEFECT);
        if (!BROKEN_MESSAGE.contains(status)) {
            assertThat(TOLD_BY_GRPC)
                    .as(call.method() + " " + new String(body, StandardCharsets.ISO_8859_1) + ": " + message)
                    .contains(status);
        }
        return "gRPC " + status;
    }

    /** A text that hardly another caller asks for, under an id that none has. */
    private static void assertAnswersItsOwn(Running server, Random random) throws IOException, InterruptedException {
        int[] ids = IntStream.concat(
                        IntStream.concat(IntStream.of(2), random.ints(1 + random.nextInt(13), 4, 8)), IntStream.of(3))
                .toArray();
        var text = new StringBuilder();
        for (int i = 1; i < ids.length - 1; i++) {
            text.append(TinyBundle.WORDS.get(ids[i])).append(' ');
        }
        String id = Long.toHexString(random.nextLong());
        HttpResponse<String> response = server.post(
                "/v2/models/tiny/infer",
                "{\"id\": \"" + id + "\", \"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\","
                        + " \"shape\": [1], \"data\": [\"" + text + "\"]}], \"outputs\": [{\"name\": \"logits\"}]}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = Running.json(response);
        assertThat(answer.get("id").asText()).isEqualTo(id);
        float[] expected = TinyBundle.logits(ids);
        JsonNode logits = answer.at("/outputs/0/data");
        for (int i = 0; i < expected.length; i++) {
            assertThat(logits.get(i).asDouble()).isCloseTo(expected[i], within(CLOSE));
        }
    }

    private static void deleteJobs(Running server) throws IOException, InterruptedException {
        for (JsonNode job : Running.json(server.get("/jobs")).get("jobs")) {
            String path = "/jobs/" + job.get("id").asText();
            told(server.get(path + "/result"), path);
            told(server.send(server.request(path).DELETE()), path);
        }
    }
}
