package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.BundleFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tools/check_clients.py} recorded of Triton's and KServe's clients is what the server still tells. */
class RecordedClientsTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    Path folder;

    private static JsonNode recorded() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(RecordedClientsTest.class.getResourceAsStream("/clients/answers.json"))) {
            return new ObjectMapper().readTree(file);
        }
    }

    @Test
    void everyClientWasToldWhatTheServerTells() throws Exception {
        JsonNode recorded = recorded();
        Path bundle = BundleFixture.copy("v1", folder);
        try (Running server = Running.of(InferenceServer.start(Map.of("tiny", bundle), Running.SETTINGS))) {
            int rows = recorded.get("texts").size();
            String body = "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [" + rows
                    + "], \"data\": " + recorded.get("texts") + "}]}";
            JsonNode outputs =
                    Running.json(server.post("/v2/models/tiny/infer", body)).get("outputs");
            assertThat(recorded.get("clients")).hasSize(4);
            for (JsonNode client : recorded.get("clients")) {
                assertThat(client.get("labels")).isEqualTo(outputs.get(0).get("data"));
                JsonNode logits = outputs.get(2).get("data");
                int i = 0;
                for (JsonNode row : client.get("logits")) {
                    for (JsonNode logit : row) {
                        assertThat(logits.get(i++).asDouble()).isCloseTo(logit.asDouble(), within(ROUNDING));
                    }
                }
                assertThat(i).isEqualTo(logits.size());
            }
            assertThat(recorded.at("/clients/tritonclient.grpc/streamed").toString())
                    .isEqualTo("[\"0\",\"refused\",\"2\"]");
        }
    }
}
