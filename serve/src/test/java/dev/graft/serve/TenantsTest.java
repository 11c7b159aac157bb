package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Parity;
import dev.graft.bundle.RandomAdapter;
import dev.graft.bundle.SmallEncoder;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Graph;
import dev.graft.ort.LoadedModel;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(180)
class TenantsTest {
    private static final double SUMMED_OTHERWISE = 2e-4;
    private static final int TENANTS = 200;

    @TempDir
    Path folder;

    private Path adapters = Path.of("");
    private Path bundle = Path.of("");
    private String digest = "";
    private final List<RandomAdapter> written = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        adapters = Files.createDirectory(folder.resolve("adapters"));
        float[] logits = logits(SmallEncoder.graph(), 2, 4, 3);
        Parity parity = new Parity(1e-3, List.of(Parity.Example.of("card", new int[] {2, 4, 3}, logits)));
        bundle = SmallEncoder.write(folder.resolve("small"), parity);
        digest = String.valueOf(Bundle.open(bundle).manifest().files().get(Bundle.MODEL));
    }

    private static float[] logits(Graph graph, long... ids) {
        long[] ones = new long[ids.length];
        java.util.Arrays.fill(ones, 1);
        try (LoadedModel model = new OrtRuntime().prepare(graph)) {
            var outputs = model.run(
                    Map.of("input_ids", Array.of(ids, 1, ids.length), "attention_mask", Array.of(ones, 1, ids.length)));
            return outputs.values().iterator().next().floats();
        }
    }

    /** Writes tenants t0 to t(n - 1): ranks 1 to 4, every fifth a head alone. */
    private void tenants(int count) {
        written.clear();
        for (int i = 0; i < count; i++) {
            written.add(new RandomAdapter(
                    i, 1 + i % 4, 2, 2 + i % 3, i % 5 == 4 ? List.of() : SmallEncoder.MODULES, SmallEncoder.WIDTH));
            written.get(i).write(adapters.resolve("t" + i + ".safetensors"), digest);
        }
    }

    private Running serve(long memory) {
        ModelSettings models = ModelSettings.DEFAULT
                .withMemoryBytes(memory)
                .withTenants(new TenantSettings(adapters, Optional.empty()));
        var offers = List.of(new Offer("small", bundle));
        return Running.of(InferenceServer.start(offers, Running.SETTINGS.withModels(models)));
    }

    private float[] expected(int tenant, long... ids) {
        RandomAdapter adapter = written.get(tenant);
        return logits(adapter.merged(SmallEncoder.graph(), SmallEncoder.WEIGHTS), ids);
    }

    private void assertAnswer(HttpResponse<String> response, int tenant, float[] expected) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode scores = Running.json(response);
        List<String> labels = written.get(tenant).labels();
        assertThat(scores).hasSize(labels.size());
        for (JsonNode score : scores) {
            int label = labels.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(expected[label], within(SUMMED_OTHERWISE));
        }
    }

    private static String body(String text) {
        return "{\"inputs\": \"" + text + "\", \"raw_scores\": true}";
    }

    @Test
    void twoHundredTenantsAnswerEachAsItsMergedModel() throws Exception {
        tenants(TENANTS);
        float[][] expected = new float[TENANTS][];
        for (int i = 0; i < TENANTS; i++) {
            expected[i] = expected(i, 2, 4, 5, 3);
        }
        try (Running server = serve(0)) {
            var room = new Semaphore(48);
            var random = new Random(3);
            var asked = new ArrayList<Integer>();
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 2_000; i++) {
                int tenant = random.nextInt(TENANTS);
                room.acquire();
                asked.add(tenant);
                answers.add(server.client()
                        .sendAsync(
                                server.request("/models/t" + tenant + "/predict")
                                        .POST(BodyPublishers.ofString(body("card lost")))
                                        .build(),
                                BodyHandlers.ofString())
                        .whenComplete((response, failure) -> room.release()));
            }
            for (int i = 0; i < answers.size(); i++) {
                HttpResponse<String> response = answers.get(i).join();
                assertAnswer(response, asked.get(i), expected[asked.get(i)]);
                assertThat(response.headers().firstValue("x-model-name")).contains("t" + asked.get(i));
            }
            assertThat(server.get("/metrics").body()).contains("te_batch_next_size_count{model=\"trunk\"");
        }
    }

    @Test
    void aTenantIsAModelOnEveryProtocol() throws Exception {
        tenants(2);
        try (Running server = serve(0)) {
            float[] expected = expected(1, 2, 4, 3);
            assertAnswer(server.post("/models/t1/predict", body("card")), 1, expected);
            String infer =
                    "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"card\"]}]}";
            JsonNode inferred = Running.json(server.post("/v2/models/t1/infer", infer));
            assertThat(inferred.at("/outputs/2/data/0").asDouble()).isCloseTo(expected[0], within(SUMMED_OTHERWISE));
            JsonNode metadata = Running.json(server.get("/v2/models/t1"));
            assertThat(metadata.at("/outputs/1/shape/1").asInt()).isEqualTo(expected.length);
            assertThat(server.post("/models/t1/embed", "{\"inputs\": \"card\"}").statusCode())
                    .isEqualTo(200);
            var stub = GrpcClients.newClient(
                    "gproto+http://127.0.0.1:" + server.port() + "/", GRPCInferenceServiceBlockingStub.class);
            ModelInferResponse answer = stub.modelInfer(ModelInferRequest.newBuilder()
                    .setModelName("t1")
                    .addInputs(InferInputTensor.newBuilder()
                            .setName("text")
                            .setDatatype("BYTES")
                            .addShape(1)
                            .setContents(
                                    InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8("card"))))
                    .build());
            var raw = answer.getRawOutputContents(2)
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            assertThat(raw.get(0)).isCloseTo(expected[0], within((float) SUMMED_OTHERWISE));
            assertThat(Running.json(server.post("/predict", body("card"))).findValuesAsText("label"))
                    .containsExactlyInAnyOrderElementsOf(TinyBundle.LABELS);
        }
    }

    @Test
    void aTenantComesChangesAndGoesWhileTheServerRuns() throws Exception {
        tenants(1);
        try (Running server = serve(0)) {
            String load = "/v2/repository/models/t1/load";
            assertThat(server.post(load, "").statusCode()).isEqualTo(404);
            tenants(2);
            assertThat(server.post(load, "").statusCode()).isEqualTo(200);
            assertAnswer(server.post("/models/t1/predict", body("card")), 1, expected(1, 2, 4, 3));
            written.get(0).write(adapters.resolve("t1.safetensors"), digest);
            assertThat(server.post(load, "").statusCode()).isEqualTo(200);
            assertAnswer(server.post("/models/t1/predict", body("card")), 0, expected(0, 2, 4, 3));
            assertThat(server.post("/v2/repository/models/t1/unload", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/models/t1/predict", body("card")).statusCode())
                    .isEqualTo(503);
            assertThat(server.post("/v2/repository/models/..%2Ft1/load", "").statusCode())
                    .isIn(400, 404);
        }
    }

    @Test
    void anAdapterOfAnotherBaseIsRefusedAndTheOthersGoOn() throws Exception {
        tenants(1);
        try (Running server = serve(0)) {
            written.get(0).write(adapters.resolve("stranger.safetensors"), "0".repeat(64));
            HttpResponse<String> refused = server.post("/v2/repository/models/stranger/load", "");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body())
                    .contains("was made for a model with the SHA-256 " + "0".repeat(64))
                    .contains(digest);
            assertThat(server.post("/models/t0/predict", body("card")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatIsNoAdapterKeepsTheServerFromStarting() throws Exception {
        Files.writeString(adapters.resolve("text.safetensors"), "no tensors at all");
        assertThatThrownBy(() -> serve(0)).isInstanceOf(InputException.class).hasMessageContaining("text.safetensors");
    }

    @Test
    void aFolderOfAdaptersThatIsNotThereIsNamed() {
        adapters = folder.resolve("nowhere");
        assertThatThrownBy(() -> serve(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--adapters is " + adapters);
    }

    @Test
    void anAdapterCalledAsABundleIsRefused() {
        tenants(1);
        written.get(0).write(adapters.resolve("small.safetensors"), digest);
        assertThatThrownBy(() -> serve(0)).isInstanceOf(InputException.class).hasMessageContaining("called 'small'");
    }
}
