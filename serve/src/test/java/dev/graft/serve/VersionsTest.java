package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.SafeFile;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(120)
class VersionsTest {
    private static final double CLOSE = 1e-5;
    private static final String BODY = "{\"inputs\": \"card lost\", \"raw_scores\": true}";
    private static final String INFER =
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"card lost\"]}]}";
    private static final float CARD = TinyBundle.logits(2, 4, 5, 3)[0];

    @TempDir
    Path folder;

    private Running numbered(VersionPolicy policy, int... numbers) throws IOException {
        for (int number : numbers) {
            TinyVersions.write(folder.resolve("tiny/" + number), number);
        }
        return served(policy);
    }

    private Running served(VersionPolicy policy) {
        ServeSettings settings = Running.SETTINGS.withModels(ModelSettings.DEFAULT.withVersions(policy));
        return Running.of(InferenceServer.start(List.of(new Offer("tiny", folder.resolve("tiny"))), settings));
    }

    /** By how much an answer's logits lie above those of the tiny bundle: the number of what computed it. */
    private static double number(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        for (JsonNode score : Running.json(response)) {
            if (score.get("label").asText().equals("card")) {
                return score.get("score").asDouble() - CARD;
            }
        }
        throw new AssertionError(response.body());
    }

    private static double inferred(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Running.json(response).at("/outputs/2/data/0").asDouble() - CARD;
    }

    @Test
    void theNewestVersionAnswersAndEachByItsNumber() throws Exception {
        try (Running server = numbered(new VersionPolicy.All(), 1, 2, 10)) {
            assertThat(number(server.post("/predict", BODY))).isCloseTo(10, within(CLOSE));
            for (int version : new int[] {1, 2, 10}) {
                String path = "/models/tiny/versions/" + version + "/predict";
                HttpResponse<String> response = server.post(path, BODY);
                assertThat(number(response)).isCloseTo(version, within(CLOSE));
                assertThat(response.headers().firstValue("x-model-version")).contains("" + version);
                assertThat(inferred(server.post("/v2/models/tiny/versions/" + version + "/infer", INFER)))
                        .isCloseTo(version, within(CLOSE));
            }
            JsonNode model = Running.json(server.get("/v2/models/tiny"));
            assertThat(model.get("versions").toString()).isEqualTo("[\"1\",\"2\",\"10\"]");
            assertThat(Running.json(server.post("/v2/repository/index", ""))).hasSize(3);
        }
    }

    @Test
    void oneNameGivenTwiceIsTwoVersions() throws Exception {
        TinyVersions.write(folder.resolve("a"), 1);
        TinyVersions.write(folder.resolve("b"), 2);
        var offers = List.of(new Offer("tiny", folder.resolve("a")), new Offer("tiny", folder.resolve("b")));
        try (Running server = Running.of(InferenceServer.start(offers, Running.SETTINGS))) {
            assertThat(number(server.post("/predict", BODY))).isCloseTo(2, within(CLOSE));
            String older = Running.json(server.get("/v2/models/tiny"))
                    .at("/versions/0")
                    .asText();
            assertThat(inferred(server.post("/v2/models/tiny/versions/" + older + "/infer", INFER)))
                    .isCloseTo(1, within(CLOSE));
        }
    }

    @Test
    void thePolicyChoosesAmongNumberedVersions() throws Exception {
        try (Running server = numbered(VersionPolicy.DEFAULT, 1, 2)) {
            assertThat(number(server.post("/predict", BODY))).isCloseTo(2, within(CLOSE));
            HttpResponse<String> response = server.post("/v2/models/tiny/versions/1/infer", INFER);
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("no version '1'").contains("in service is 2");
        }
    }

    @Test
    void aNewVersionComesAndTheOldOneGoesOnLoad() throws Exception {
        try (Running server = numbered(VersionPolicy.DEFAULT, 1)) {
            TinyVersions.write(folder.resolve("tiny/2"), 2);
            assertThat(number(server.post("/predict", BODY))).isCloseTo(1, within(CLOSE));
            assertThat(server.post("/v2/repository/models/tiny/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(number(server.post("/predict", BODY))).isCloseTo(2, within(CLOSE));
            assertThat(server.get("/v2/models/tiny/versions/1/ready").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aVersionThatIsRefusedLeavesWhatIsInService() throws Exception {
        try (Running server = numbered(new VersionPolicy.All(), 1)) {
            TinyVersions.write(folder.resolve("tiny/2"), 2);
            TinyVersions.write(folder.resolve("tiny/3"), 3);
            Files.writeString(folder.resolve("tiny/3/model.onnx"), "broken");
            HttpResponse<String> refused = server.post("/v2/repository/models/tiny/load", "");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("model.onnx", "differ");
            assertThat(number(server.post("/predict", BODY))).isCloseTo(1, within(CLOSE));
            assertThat(server.get("/v2/models/tiny/versions/2/ready").statusCode())
                    .isEqualTo(404);
        }
    }

    /** Would show an answer of one version under another's name, and a request that meets a closed model. */
    @Test
    void everyAnswerIsOfTheVersionItNamesWhileVersionsAreSwapped() throws Exception {
        try (Running server = numbered(VersionPolicy.DEFAULT, 1)) {
            var over = new AtomicBoolean();
            var answered = new AtomicInteger();
            var asking = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> askUntil(server, over, answered)))
                    .toList();
            for (int version = 2; version <= 31; version++) {
                TinyVersions.write(folder.resolve("tiny/" + version), version);
                assertThat(server.post("/v2/repository/models/tiny/load", "").statusCode())
                        .isEqualTo(200);
                SafeFile.delete(folder.resolve("tiny/" + (version - 1)));
            }
            over.set(true);
            asking.forEach(CompletableFuture::join);
            assertThat(answered.get()).isGreaterThan(100);
            assertThat(number(server.post("/predict", BODY))).isCloseTo(31, within(CLOSE));
        }
    }

    private static void askUntil(Running server, AtomicBoolean over, AtomicInteger answered) {
        try {
            double last = 0;
            while (!over.get()) {
                HttpResponse<String> response = server.post("/predict", BODY);
                double version = Double.parseDouble(
                        response.headers().firstValue("x-model-version").orElse("-1"));
                assertThat(number(response)).isCloseTo(version, within(CLOSE));
                assertThat(version).isGreaterThanOrEqualTo(last);
                last = version;
                answered.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
