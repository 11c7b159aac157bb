package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of texts, in the shape of text-embeddings-inference and as tensors. */
@Timeout(60)
class TextPairsTest {
    private static final double CLOSE = 1e-5;
    private static final float[] LOST_SENT = PairBundle.logits(List.of(4, 5), List.of(6, 7));
    private static final float[] SENT_LOST = PairBundle.logits(List.of(6, 7), List.of(4, 5));

    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        server = Running.of(InferenceServer.start(Map.of("pairs", PairBundle.write(folder)), Running.SETTINGS));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode predicted(String inputs) throws Exception {
        HttpResponse<String> response = server.post("/predict", "{\"raw_scores\": true, \"inputs\": " + inputs + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Running.json(response);
    }

    private static void assertScores(JsonNode scores, float[] logits) {
        assertThat(scores).hasSize(logits.length);
        for (JsonNode score : scores) {
            int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(logits[label], within(CLOSE));
        }
    }

    @Test
    void aPairIsReadTogetherAndInItsOrder() throws Exception {
        JsonNode answers = predicted("[[\"card lost\", \"money sent\"], [\"money sent\", \"card lost\"]]");
        assertThat(answers).hasSize(2);
        assertScores(answers.get(0), LOST_SENT);
        assertScores(answers.get(1), SENT_LOST);
    }

    @Test
    void pairsAndSingleTextsMixInOneRequest() throws Exception {
        JsonNode answers = predicted("[[\"card\"], [\"card lost\", \"money sent\"], \"card lost\"]");
        assertScores(answers.get(0), TinyBundle.logits(2, 4, 3));
        assertScores(answers.get(1), LOST_SENT);
        assertScores(answers.get(2), TinyBundle.logits(2, 4, 5, 3));
    }

    @Test
    void aListOfTwoTextsIsNoPair() throws Exception {
        JsonNode answers = predicted("[\"card lost\", \"card\"]");
        assertScores(answers.get(0), TinyBundle.logits(2, 4, 5, 3));
        assertScores(answers.get(1), TinyBundle.logits(2, 4, 3));
    }

    @Test
    void theLongerTextOfAPairIsCutUnlessThatIsForbidden() throws Exception {
        String longer = "card ".repeat(40).strip();
        JsonNode answers = predicted("[[\"" + longer + "\", \"money sent\"]]");
        assertScores(answers.get(0), PairBundle.logits(java.util.Collections.nCopies(11, 4), List.of(6, 7)));
        String fits = "card ".repeat(11).strip();
        String body = "{\"truncate\": false, \"inputs\": [[\"%s\", \"money sent\"]]}";
        assertThat(server.post("/predict", body.formatted(fits)).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = server.post("/predict", body.formatted(fits + " card"));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(Running.json(refused).get("error").asText()).contains("at most 16 tokens");
    }

    @Test
    void onlyWhereAnAnswerIsAskedForArePairsTaken() throws Exception {
        for (String path : List.of("/embed", "/tokenize")) {
            HttpResponse<String> refused = server.post(path, "{\"inputs\": [[\"card\", \"money\"]]}");
            assertThat(refused.statusCode()).as(path).isEqualTo(422);
            assertThat(Running.json(refused).get("detail").asText()).contains("pair");
        }
    }

    private static HttpResponse<String> inferred(String texts, String pairs) throws Exception {
        String tensor = "{\"name\": \"%s\", \"datatype\": \"BYTES\", \"shape\": [%d], \"data\": %s}";
        return server.post(
                "/v2/models/pairs/infer",
                "{\"inputs\": [" + tensor.formatted("text", texts.split(",", -1).length, texts) + ", "
                        + tensor.formatted("text_pair", pairs.split(",", -1).length, pairs)
                        + "], \"outputs\": [{\"name\": \"logits\"}]}");
    }

    @Test
    void aTensorOfPairsStandsBesideThatOfTexts() throws Exception {
        JsonNode logits = Running.json(inferred("[\"card lost\", \"money sent\"]", "[\"money sent\", \"card lost\"]"))
                .at("/outputs/0/data");
        assertThat(logits).hasSize(6);
        for (int i = 0; i < 3; i++) {
            assertThat(logits.get(i).asDouble()).isCloseTo(LOST_SENT[i], within(CLOSE));
            assertThat(logits.get(3 + i).asDouble()).isCloseTo(SENT_LOST[i], within(CLOSE));
        }
    }

    @Test
    void eachTextNeedsItsPair() throws Exception {
        HttpResponse<String> refused = inferred("[\"card lost\", \"money sent\"]", "[\"money sent\"]");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("'text' holds 2 texts and 'text_pair' 1");
    }

    @Test
    void theMetadataNamesThePairsOfAModelThatTakesThem() throws Exception {
        assertThat(server.get("/v2/models/pairs").body()).contains("\"text_pair\"");
        assertThat(server.get("/v2/models/pairs/config").body()).contains("\"text_pair\"");
    }
}
