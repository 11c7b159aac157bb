package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import dev.graft.predict.BatcherSettings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds while many ask at one time. */
@Tag("slow")
@Timeout(120)
class UnderLoadTest {
    private static final double CLOSE = 1e-5;
    private static final int AT_ONCE = 48;

    @TempDir
    Path folder;

    private final Random random = new Random(20261121);
    private final Semaphore room = new Semaphore(AT_ONCE);

    private List<int[]> texts(int count) {
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(1 + random.nextInt(12), 4, 8).toArray());
        }
        return texts;
    }

    private static String json(List<int[]> texts) {
        List<String> quoted = new ArrayList<>();
        for (int[] text : texts) {
            List<String> words = new ArrayList<>();
            for (int id : text) {
                words.add(TinyBundle.WORDS.get(id));
            }
            quoted.add("\"" + String.join(" ", words) + "\"");
        }
        return "{\"raw_scores\": true, \"inputs\": [" + String.join(", ", quoted) + "]}";
    }

    private CompletableFuture<HttpResponse<String>> ask(Running server, HttpRequest request)
            throws InterruptedException {
        room.acquire();
        return server.client()
                .sendAsync(request, BodyHandlers.ofString())
                .whenComplete((response, failure) -> room.release());
    }

    private static void assertAnswers(List<int[]> texts, HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answers = Running.json(response);
        assertThat(answers).hasSize(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            int[] ids = new int[texts.get(i).length + 2];
            ids[0] = 2;
            System.arraycopy(texts.get(i), 0, ids, 1, texts.get(i).length);
            ids[ids.length - 1] = 3;
            float[] expected = TinyBundle.logits(ids);
            for (JsonNode score : answers.get(i)) {
                int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
                assertThat(score.get("score").asDouble()).isCloseTo(expected[label], within(CLOSE));
            }
        }
    }

    private void askMany(Running server, int requests) throws Exception {
        List<List<int[]>> asked = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            List<int[]> texts = texts(1 + random.nextInt(8));
            asked.add(texts);
            answers.add(ask(
                    server,
                    server.request("/predict")
                            .POST(BodyPublishers.ofString(json(texts)))
                            .build()));
        }
        for (int i = 0; i < requests; i++) {
            assertAnswers(asked.get(i), answers.get(i).join());
        }
    }

    @Test
    void everyRequestGetsItsOwnAnswersWithoutACache() throws Exception {
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            askMany(server, 2_000);
        }
    }

    @Test
    void everyRequestGetsItsOwnAnswersWithACache() throws Exception {
        try (Running server = Running.in(folder, Running.with(64, 8, 40_000))) {
            askMany(server, 2_000);
            assertThat(server.get("/metrics").body()).containsPattern("graft_cache_hits_total\\{[^}]*} [1-9]");
        }
    }

    @Test
    void noRequestFailsWhileTheModelIsSwapped() throws Exception {
        try (Running server = Running.in(folder, Running.SETTINGS)) {
            var swapped = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 10; i++) {
                    try {
                        assertThat(server.post("/v2/repository/models/tiny/load", "")
                                        .statusCode())
                                .isEqualTo(200);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            while (!swapped.isDone()) {
                askMany(server, 100);
            }
            swapped.join();
            assertThat(server.get("/metrics").body()).contains("te_queue_size{model=\"tiny\"");
        }
    }

    @Test
    void tooManyAreToldToComeBack() throws Exception {
        try (Running server = Running.in(folder, Running.with(2, 8, 0))) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(ask(
                        server,
                        server.request("/predict")
                                .POST(BodyPublishers.ofString(json(texts(8))))
                                .build()));
            }
            int refused = 0;
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.join();
                assertThat(response.statusCode()).isIn(200, 429);
                if (response.statusCode() == 429) {
                    refused++;
                    assertThat(response.headers().firstValue("retry-after")).contains("1");
                    assertThat(Running.json(response).get("error_type").asText())
                            .isEqualTo("Overloaded");
                }
            }
            assertThat(refused).isBetween(1, 499);
        }
    }

    @Test
    void aQueueThatIsFullRefusesWholeRequests() throws Exception {
        ServeSettings some = Running.SETTINGS;
        var batching = new BatcherSettings(4, 1_000, Duration.ZERO, 4);
        var settings = new ServeSettings(
                some.host(), 0, batching, 64, 8, 100_000, 0, some.cacheTime(), 2, 1, some.drainTime());
        try (Running server = Running.in(folder, settings)) {
            HttpResponse<String> response = server.post("/predict", json(texts(5)));
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(Running.json(response).get("detail").asText()).contains("room for 4 of 4");
            assertThat(server.post("/predict", json(texts(4))).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsUnderWayIsAnsweredWhenTheServerStops() throws Exception {
        Running server = Running.in(folder, Running.SETTINGS);
        List<List<int[]>> asked = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            asked.add(texts(8));
            answers.add(ask(
                    server,
                    server.request("/predict")
                            .POST(BodyPublishers.ofString(json(asked.get(i))))
                            .build()));
        }
        answers.get(0).join();
        server.close();
        int answered = 0;
        for (int i = 0; i < AT_ONCE; i++) {
            CompletableFuture<HttpResponse<String>> answer = answers.get(i);
            if (!answer.isCompletedExceptionally() && answer.join().statusCode() != 503) {
                assertAnswers(asked.get(i), answer.join());
                answered++;
            }
        }
        assertThat(answered).isPositive();
    }
}
