package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import dev.graft.predict.Answer;
import dev.graft.predict.LabelProbability;
import dev.graft.predict.Predictor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEmbeddingsInferenceTest {
    private static final double CLOSE = 1e-6;

    @TempDir
    static Path folder;

    private static Path bundle = Path.of("");
    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        bundle = Running.bundle(folder);
        server = Running.of(InferenceServer.start(Map.of("tiny", bundle), Running.SETTINGS));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertAnswers(JsonNode scores, Answer expected) {
        assertThat(scores).hasSize(TinyBundle.LABELS.size());
        assertThat(scores.get(0).get("label").asText()).isEqualTo(expected.label());
        Map<String, Double> probabilities = new HashMap<>();
        for (LabelProbability each : expected.all()) {
            probabilities.put(each.label(), each.probability());
        }
        double last = Double.POSITIVE_INFINITY;
        for (JsonNode score : scores) {
            double value = score.get("score").asDouble();
            assertThat(value).isLessThanOrEqualTo(last);
            assertThat(value).isCloseTo(probabilities.get(score.get("label").asText()), within(CLOSE));
            last = value;
        }
    }

    @Test
    void oneTextIsAnsweredByItsLabelsInOrder() throws Exception {
        HttpResponse<String> response = server.post("/predict", "{\"inputs\": \"Card lost\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        try (Predictor predictor = Predictor.open(bundle)) {
            assertAnswers(Running.json(response), predictor.predict("Card lost"));
        }
    }

    @Test
    void aListIsAnsweredInItsOrder() throws Exception {
        for (String inputs : new String[] {"[\"card\", \"money sent\"]", "[[\"card\"], [\"money sent\"]]"}) {
            JsonNode answers = Running.json(server.post("/predict", "{\"inputs\": " + inputs + "}"));
            assertThat(answers).hasSize(2);
            try (Predictor predictor = Predictor.open(bundle)) {
                assertAnswers(answers.get(0), predictor.predict("card"));
                assertAnswers(answers.get(1), predictor.predict("money sent"));
            }
        }
    }

    @Test
    void rawScoresAreTheLogits() throws Exception {
        JsonNode scores = Running.json(server.post("/predict", "{\"inputs\": \"Card lost\", \"raw_scores\": true}"));
        float[] logits = TinyBundle.logits(2, 4, 5, 3);
        for (JsonNode score : scores) {
            int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(logits[label], within(CLOSE));
        }
    }

    @Test
    void everyAnswerCarriesItsIdAndTheModelsVersion() throws Exception {
        HttpResponse<String> one = server.post("/predict", "{\"inputs\": \"card\"}");
        HttpResponse<String> other = server.post("/predict", "{\"inputs\": \"card\"}");
        String id = one.headers().firstValue(Exchange.PREDICTION_ID).orElseThrow();
        assertThat(id).hasSize(36);
        assertThat(other.headers().firstValue(Exchange.PREDICTION_ID))
                .isPresent()
                .get()
                .isNotEqualTo(id);
        assertThat(one.headers().firstValue(Exchange.MODEL_NAME)).contains("tiny");
        assertThat(one.headers().firstValue(Exchange.MODEL_VERSION).orElseThrow())
                .matches("[0-9a-f]{12}");
    }

    @Test
    void aTextThatIsTooLongIsCutUnlessThatIsForbidden() throws Exception {
        String longest = "card ".repeat(14).strip();
        String longer = "card ".repeat(15).strip();
        assertThat(server.post("/predict", "{\"inputs\": \"" + longest + "\", \"truncate\": false}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.post("/predict", "{\"inputs\": \"" + longer + "\"}").statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused = server.post("/predict", "{\"inputs\": \"" + longer + "\", \"truncate\": false}");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(Running.json(refused).get("error").asText()).contains("at most 16 tokens");
    }

    @Test
    void aTextThatIsTooLongIsCutWhereItIsAskedTo() throws Exception {
        String text = "lost " + "card ".repeat(14).strip();
        for (String path : new String[] {"/predict", "/embed"}) {
            String left = answer(path, text, ", \"truncation_direction\": \"Left\"");
            assertThat(left).isEqualTo(answer(path, "card ".repeat(14).strip(), ""));
            assertThat(left).isNotEqualTo(answer(path, text, ""));
            assertThat(answer(path, text, ", \"truncation_direction\": \"Right\""))
                    .isEqualTo(answer(path, text, ""));
        }
        assertThat(answer("/predict", "card lost", ", \"truncation_direction\": \"left\""))
                .isEqualTo(answer("/predict", "card lost", ""));
    }

    private static String answer(String path, String text, String options) throws Exception {
        return server.post(path, "{\"inputs\": \"" + text + "\"" + options + "}")
                .body();
    }

    @Test
    void embeddingsAreNormalizedUnlessTheyShallNot() throws Exception {
        JsonNode raw = Running.json(server.post("/embed", "{\"inputs\": \"card\", \"normalize\": false}"));
        JsonNode normalized = Running.json(server.post("/embed", "{\"inputs\": [\"card\", \"lost\"]}"));
        assertThat(raw).hasSize(1);
        assertThat(raw.get(0)).hasSize(4);
        assertThat(normalized).hasSize(2);
        double sum = 0;
        for (JsonNode value : normalized.get(0)) {
            sum += value.asDouble() * value.asDouble();
        }
        assertThat(sum).isCloseTo(1, within(CLOSE));
        double length = 0;
        for (JsonNode value : raw.get(0)) {
            length += value.asDouble() * value.asDouble();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(normalized.get(0).get(i).asDouble())
                    .isCloseTo(raw.get(0).get(i).asDouble() / Math.sqrt(length), within(CLOSE));
        }
    }

    @Test
    void aModelIsAskedByItsName() throws Exception {
        assertThat(server.post("/models/tiny/predict", "{\"inputs\": \"card\"}").statusCode())
                .isEqualTo(200);
        assertThat(server.post("/models/tiny/embed", "{\"inputs\": \"card\"}").statusCode())
                .isEqualTo(200);
        assertThat(server.post("/models/other/predict", "{\"inputs\": \"card\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void informationHasTheFieldsThatClientsRead() throws Exception {
        JsonNode info = Running.json(server.get("/info"));
        assertThat(info.get("model_id").asText()).isEqualTo("tiny");
        assertThat(info.at("/model_type/classifier/id2label/0").asText()).isEqualTo("card");
        assertThat(info.at("/model_type/classifier/label2id/other").asInt()).isEqualTo(2);
        assertThat(info.get("max_input_length").asInt()).isEqualTo(16);
        assertThat(info.get("max_client_batch_size").asInt()).isEqualTo(8);
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void theFiguresHaveTheirNames() throws Exception {
        server.post("/predict", "{\"inputs\": \"card\"}");
        server.post("/predict", "{\"inputs\": []}");
        String figures = server.get("/metrics").body();
        assertThat(figures)
                .containsPattern("te_request_count\\{method=\"predict\"} \\d")
                .containsPattern("te_request_success\\{method=\"predict\"} \\d")
                .containsPattern("te_request_failure\\{err=\"validation\",method=\"predict\"} \\d")
                .containsPattern(
                        "te_request_duration_bucket\\{model=\"tiny\",version=\"[0-9a-f]{12}\",le=\"0.005\"} \\d")
                .contains(
                        "te_request_tokenization_duration_sum",
                        "te_request_queue_duration_sum",
                        "te_request_inference_duration_sum",
                        "graft_request_post_duration_sum",
                        "te_batch_next_size_bucket",
                        "graft_batch_padding_share_sum",
                        "te_queue_size",
                        "graft_cache_hits_total");
    }
}
