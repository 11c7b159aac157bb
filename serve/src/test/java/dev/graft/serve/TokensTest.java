package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens, and vectors in the shape of OpenAI. */
class TokensTest {
    private static final double CLOSE = 1e-6;

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

    @Test
    void textsAreTakenApart() throws Exception {
        JsonNode tokens = Running.json(server.post("/tokenize", "{\"inputs\": [\"Card 💳 lost\"]}"));
        assertThat(tokens.get(0).toString())
                .isEqualTo("[{\"id\":2,\"text\":\"[CLS]\",\"special\":true,\"start\":null,\"stop\":null},"
                        + "{\"id\":4,\"text\":\"Card\",\"special\":false,\"start\":0,\"stop\":4},"
                        + "{\"id\":1,\"text\":\"💳\",\"special\":false,\"start\":5,\"stop\":6},"
                        + "{\"id\":5,\"text\":\"lost\",\"special\":false,\"start\":7,\"stop\":11},"
                        + "{\"id\":3,\"text\":\"[SEP]\",\"special\":true,\"start\":null,\"stop\":null}]");
        JsonNode bare = Running.json(
                server.post("/models/tiny/tokenize", "{\"inputs\": \"card\", \"add_special_tokens\": false}"));
        assertThat(bare).hasSize(1);
        assertThat(bare.get(0)).hasSize(1);
    }

    @Test
    void tokensArePutTogether() throws Exception {
        assertThat(server.post("/decode", "{\"ids\": [2, 4, 5, 3]}").body()).isEqualTo("[\"card lost\"]");
        assertThat(server.post("/decode", "{\"ids\": [[2, 6], [7]], \"skip_special_tokens\": false}")
                        .body())
                .isEqualTo("[\"[CLS] money\",\"sent\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/decode | {} | 422",
                "/decode | {\"ids\": []} | 422",
                "/decode | {\"ids\": [-1]} | 422",
                "/decode | {\"ids\": [8]} | 422",
                "/decode | {\"ids\": [4294967296]} | 422",
                "/decode | {\"ids\": [[1], 2]} | 422",
                "/decode | {\"ids\": [[1],[1],[1],[1],[1],[1],[1],[1],[1]]} | 413",
                "/tokenize | {\"inputs\": []} | 422",
                "/tokenize | {\"inputs\": \"a\", \"special\": true} | 422",
                "/v1/embeddings | {\"input\": \"a\", \"model\": \"gpt\"} | 404",
                "/v1/embeddings | {\"input\": [1, 2]} | 422",
                "/v1/embeddings | {\"input\": \"a\", \"encoding_format\": \"int8\"} | 422",
                "/v1/embeddings | {\"input\": \"a\", \"dimensions\": 3} | 422"
            })
    void whatIsWrongIsTold(String path, String body, int status) throws Exception {
        assertThat(server.post(path, body).statusCode()).isEqualTo(status);
    }

    @Test
    void clientsOfOpenAiAreAnswered() throws Exception {
        JsonNode answer = Running.json(server.post(
                "/v1/embeddings", "{\"input\": [\"card\", \"money sent\"], \"model\": \"tiny\", \"dimensions\": 4}"));
        assertThat(answer.get("object").asText()).isEqualTo("list");
        assertThat(answer.get("model").asText()).isEqualTo("tiny");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(7);
        JsonNode expected = Running.json(server.post("/embed", "{\"inputs\": [\"card\", \"money sent\"]}"));
        for (int i = 0; i < 2; i++) {
            assertThat(answer.at("/data/" + i + "/index").asInt()).isEqualTo(i);
            assertThat(answer.at("/data/" + i + "/embedding")).isEqualTo(expected.get(i));
        }
        JsonNode packed =
                Running.json(server.post("/v1/embeddings", "{\"input\": \"card\", \"encoding_format\": \"base64\"}"));
        byte[] bytes = Base64.getDecoder().decode(packed.at("/data/0/embedding").asText());
        ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            assertThat((double) floats.getFloat())
                    .isCloseTo(expected.get(0).get(i).asDouble(), within(CLOSE));
        }
    }
}
