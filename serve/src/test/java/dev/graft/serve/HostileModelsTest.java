package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names lead nowhere but to what is offered, and a bundle that went bad never takes the place of a good one. */
@Timeout(120)
class HostileModelsTest {
    private static final String BODY = "{\"inputs\": \"card lost\"}";

    @TempDir
    Path folder;

    private Path bundle = Path.of("");
    private Running server;

    @BeforeEach
    void start() throws IOException {
        bundle = Running.bundle(folder);
        server = Running.of(InferenceServer.start(Map.of("tiny", bundle), Running.SETTINGS));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String version() throws Exception {
        HttpResponse<String> response = server.post("/predict", BODY);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("x-model-version").orElseThrow();
    }

    /** A reload is refused, and what is in service stays. */
    private void assertRefused(String part) throws Exception {
        String before = version();
        HttpResponse<String> response = server.post("/v2/repository/models/tiny/load", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(Running.json(response).get("detail").asText()).contains(part);
        assertThat(version()).isEqualTo(before);
        assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aBundleThatIsGoneLeavesTheOldOne() throws Exception {
        Files.move(bundle, folder.resolve("away"));
        assertRefused("There is no bundle");
    }

    @Test
    void aBundleWithABrokenModelLeavesTheOldOne() throws Exception {
        byte[] model = Files.readAllBytes(bundle.resolve(Bundle.MODEL));
        Files.write(bundle.resolve(Bundle.MODEL), java.util.Arrays.copyOf(model, model.length / 2));
        HostileBundles.sign(bundle, Bundle.MODEL);
        assertRefused(Bundle.MODEL);
    }

    @Test
    void aBundleOfWhichOnlyTheModelChangedLeavesTheOldOne() throws Exception {
        byte[] model = Files.readAllBytes(bundle.resolve(Bundle.MODEL));
        Files.write(bundle.resolve(Bundle.MODEL), java.util.Arrays.copyOf(model, model.length / 2));
        assertRefused(Bundle.MODEL);
    }

    @Test
    void aBundleWithABrokenManifestLeavesTheOldOne() throws Exception {
        Files.writeString(bundle.resolve("graft.json"), "{");
        assertRefused("graft.json");
    }

    @Test
    void aBundleThatFailsParityLeavesTheOldOne() throws Exception {
        Path parity = bundle.resolve("parity.json");
        String changed = Files.readString(parity).replaceFirst("(\"outputs\" ?: ?\\[ *\\[? *)-?[0-9.]+", "$17.5");
        assertThat(changed).isNotEqualTo(Files.readString(parity));
        Files.writeString(parity, changed);
        HostileBundles.sign(bundle, "parity.json");
        assertRefused("parity");
    }

    @Test
    void aBundleWhoseWeightsLieOutsideItIsRefused() throws Exception {
        Files.write(folder.resolve("outside.bin"), new byte[4_096]);
        HostileBundles.weightsFrom(bundle, "../outside.bin");
        assertRefused("outside.bin");
        assertThatThrownBy(() -> InferenceServer.start(Map.of("other", bundle), Running.SETTINGS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("outside.bin");
    }

    @Test
    void namesInAddressesLeadToWhatIsOfferedAlone() throws Exception {
        for (String name : List.of(
                "../tiny",
                "..%2ftiny",
                "..%2f..%2f..%2fetc%2fpasswd",
                "%2e%2e%2ftiny",
                "....//tiny",
                "/etc/passwd",
                "tiny%00",
                "tiny%2f..%2ftiny",
                "C:%5cwindows",
                "%ff%fe",
                "~root")) {
            for (String path : new String[] {
                "/models/" + name + "/predict",
                "/v2/models/" + name + "/infer",
                "/v2/models/" + name + "/versions/" + name + "/infer",
                "/v2/repository/models/" + name + "/load",
                "/v2/repository/models/" + name + "/unload"
            }) {
                assertThat(alone(path, "POST")).as(path).isIn(400, 404, 405);
            }
            assertThat(alone("/v2/models/" + name + "/ready", "GET")).isIn(400, 404, 405, 503);
        }
        version();
    }

    /** The status of a request over HTTP/1.1, for a wrong address ends its connection. */
    private int alone(String path, String method) throws Exception {
        return server.send(server.request(path)
                        .version(HttpClient.Version.HTTP_1_1)
                        .method(method, BodyPublishers.ofString(path.startsWith("/v2/repository") ? "" : BODY)))
                .statusCode();
    }

    @Test
    void namesInMessagesLeadToWhatIsOfferedAlone() throws Exception {
        GRPCInferenceServiceBlockingStub stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server.port() + "/", GRPCInferenceServiceBlockingStub.class);
        for (String name : List.of("../tiny", "/etc/passwd", "tiny\0", "..", "tiny/", "\ud83d\ude00", "%s%n")) {
            assertNotFound(() -> stub.repositoryModelLoad(
                    RepositoryModelLoadRequest.newBuilder().setModelName(name).build()));
            assertNotFound(() -> stub.repositoryModelUnload(
                    RepositoryModelUnloadRequest.newBuilder().setModelName(name).build()));
            assertNotFound(() -> stub.modelMetadata(
                    ModelMetadataRequest.newBuilder().setName(name).build()));
            assertThat(stub.modelReady(
                                    ModelReadyRequest.newBuilder().setName(name).build())
                            .getReady())
                    .isFalse();
        }
        version();
    }

    private static void assertNotFound(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void aModelThatIsNotLoadedIsUnavailableAndNotUnknown() throws Exception {
        assertThat(server.post("/v2/repository/models/tiny/unload", "").statusCode())
                .isEqualTo(200);
        HttpResponse<String> response = server.post("/predict", BODY);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).isPresent();
        assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(503);
        assertThat(server.get("/v2/health/live").statusCode()).isEqualTo(200);
    }
}
