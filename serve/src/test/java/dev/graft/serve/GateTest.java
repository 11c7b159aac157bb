package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.RepositoryIndexRequest;
import inference.ServerLiveRequest;
import inference.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has no key learns nothing but whether the server is well; who has one asks as often as it may. */
@Timeout(60)
class GateTest {
    private static final String KEY = "3f9a77b1c0d2e4f6";
    private static final String SLOW = "asks-once-in-an-hour";
    private static final String BODY = "{\"inputs\": \"card lost\"}";

    @TempDir
    Path folder;

    private final Notices notices = new Notices();

    private Path keys(String content) throws IOException {
        Path file = folder.resolve("keys.yaml");
        Files.writeString(file, content);
        return file;
    }

    private Running start(String keys, double rate, boolean openMetrics) throws IOException {
        return Running.in(
                folder,
                Running.SETTINGS.withSecurity(new Security(
                        Optional.of(keys(keys)),
                        rate,
                        openMetrics,
                        Optional.empty(),
                        100,
                        Security.NONE.patience(),
                        notices::add)));
    }

    private static HttpResponse<String> predict(Running server, String... headers) throws Exception {
        HttpRequest.Builder request = server.request("/predict").POST(BodyPublishers.ofString(BODY));
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static void assertRefused(HttpResponse<String> response, String part) throws IOException {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"graft\"");
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonNode problem = Running.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(401);
        assertThat(problem.get("detail").asText()).contains(part);
        assertThat(problem.get("error_type").asText()).isEqualTo("Unauthorized");
    }

    @Test
    void whoHasAKeyIsAnswered() throws Exception {
        try (Running server = start("shop: " + KEY, 0, false)) {
            assertThat(predict(server, "Authorization", "Bearer " + KEY).statusCode())
                    .isEqualTo(200);
            assertThat(predict(server, "authorization", "bearer " + KEY).statusCode())
                    .isEqualTo(200);
            assertThat(predict(server, "X-API-Key", KEY).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoHasNoneIsToldWhatIsMissing() throws Exception {
        try (Running server = start("shop: " + KEY, 0, false)) {
            assertRefused(predict(server), "No API key");
            assertRefused(predict(server, "Authorization", "Basic " + KEY), "No API key");
            assertRefused(predict(server, "Authorization", "Bearer "), "No API key");
            assertRefused(predict(server, "Authorization", "Bearer " + KEY + "0"), "not known");
            assertRefused(predict(server, "X-API-Key", "nonsense"), "not known");
            assertThat(server.send(server.request("/metrics")
                                    .header("X-API-Key", KEY)
                                    .GET())
                            .body())
                    .contains("te_request_failure{err=\"unauthorized\",method=\"gate\"} 5.0");
        }
    }

    @Test
    void onlyWhatTellsOfHealthIsOpen() throws Exception {
        try (Running server = start("shop: " + KEY, 0, false)) {
            for (String open : List.of("/health", "/v2/health/live", "/v2/health/ready")) {
                assertThat(server.get(open).statusCode()).as(open).isEqualTo(200);
            }
            for (String closed : List.of(
                    "/metrics",
                    "/info",
                    "/v2",
                    "/v2/models/tiny",
                    "/health/../metrics",
                    "//metrics",
                    "/health/..%2fmetrics",
                    "/v2/health/live/../../../info",
                    "/health;/info")) {
                assertThat(server.get(closed).statusCode()).as(closed).isIn(400, 401, 404);
            }
            assertThat(server.post("/v2/repository/models/tiny/unload", "").statusCode())
                    .isEqualTo(401);
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metricsMayBeOpen() throws Exception {
        try (Running server = start("shop: " + KEY, 0, true)) {
            assertThat(server.get("/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void grpcHasTheSameKeys() throws Exception {
        try (Running server = start("shop: " + KEY + "\nslow: {key: " + SLOW + ", rate-limit: 0.0003}", 0, false)) {
            String address = "gproto+http://127.0.0.1:" + server.port() + "/";
            var stranger = GrpcClients.newClient(address, GRPCInferenceServiceBlockingStub.class);
            assertThat(stranger.serverLive(ServerLiveRequest.getDefaultInstance())
                            .getLive())
                    .isTrue();
            assertThat(stranger.serverReady(ServerReadyRequest.getDefaultInstance())
                            .getReady())
                    .isTrue();
            assertStatus(stranger, Status.Code.UNAUTHENTICATED, "No API key");
            assertThat(with(address, KEY)
                            .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                            .getModelsCount())
                    .isEqualTo(1);
            assertStatus(with(address, KEY + "0"), Status.Code.UNAUTHENTICATED, "not known");
            with(address, SLOW).repositoryIndex(RepositoryIndexRequest.getDefaultInstance());
            assertStatus(with(address, SLOW), Status.Code.RESOURCE_EXHAUSTED, "--rate-limit");
        }
    }

    private static GRPCInferenceServiceBlockingStub with(String address, String key) {
        return GrpcClients.builder(address)
                .setHeader(HttpHeaderNames.AUTHORIZATION, "Bearer " + key)
                .build(GRPCInferenceServiceBlockingStub.class);
    }

    private static void assertStatus(GRPCInferenceServiceBlockingStub stub, Status.Code code, String part) {
        assertThatThrownBy(() -> stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(code);
                    assertThat(failure.getStatus().getDescription()).contains(part);
                });
    }

    @Test
    void aKeyAsksAsOftenAsItMayAndOthersGoOn() throws Exception {
        try (Running server = start("shop: " + KEY + "\nslow: {key: " + SLOW + ", rate-limit: 0.01}", 1_000, false)) {
            assertThat(predict(server, "X-API-Key", SLOW).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = predict(server, "X-API-Key", SLOW);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(50L, 100L);
            assertThat(Running.json(refused).get("detail").asText()).contains("--rate-limit");
            for (int i = 0; i < 20; i++) {
                assertThat(predict(server, "X-API-Key", KEY).statusCode()).isEqualTo(200);
            }
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whereThereAreNoKeysEachAddressHasTheLimit() throws Exception {
        var limited = new Security(
                Optional.empty(), 0.01, false, Optional.empty(), 100, Security.NONE.patience(), notices::add);
        try (Running server = Running.in(folder, Running.SETTINGS.withSecurity(limited))) {
            assertThat(predict(server).statusCode()).isEqualTo(200);
            assertThat(predict(server).statusCode()).isEqualTo(429);
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void networksOfTheNewProtocolShareABucket() throws Exception {
        var limits = new AddressLimits(1);
        var first = java.net.InetAddress.getByName("2001:db8::1");
        assertThat(limits.of(first)).isSameAs(limits.of(java.net.InetAddress.getByName("2001:db8::ffff")));
        assertThat(limits.of(first)).isNotSameAs(limits.of(java.net.InetAddress.getByName("2001:db8:0:1::1")));
        assertThat(limits.of(java.net.InetAddress.getByName("10.0.0.1")))
                .isNotSameAs(limits.of(java.net.InetAddress.getByName("10.0.0.2")));
    }

    @Test
    void newKeysCountWithoutARestartAndBrokenOnesDoNot() throws Exception {
        try (Running server = start("shop: " + KEY, 0, false)) {
            keys("shop: the-new-key-of-the-shop");
            notices.await("read again");
            assertThat(predict(server, "X-API-Key", KEY).statusCode()).isEqualTo(401);
            assertThat(predict(server, "X-API-Key", "the-new-key-of-the-shop").statusCode())
                    .isEqualTo(200);
            keys("shop: short");
            notices.await("stays in force");
            assertThat(predict(server, "X-API-Key", "the-new-key-of-the-shop").statusCode())
                    .isEqualTo(200);
        }
    }
}
