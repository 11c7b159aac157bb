package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.InputException;
import dev.graft.ort.OrtRuntime;
import dev.graft.predict.Engine;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelConfig;
import inference.ModelConfigRequest;
import inference.ModelMetadataRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose models are computed in other numbers than float32; ONNX Runtime stands in for what computes so. */
@Timeout(60)
class RoundedServerTest {
    /** Fiftieths of a second; a model is closed when those who used it have their answers. */
    private static final int PATIENCE = 500;

    @TempDir
    Path folder;

    private final AtomicInteger open = new AtomicInteger();
    private final Engine engine = Engine.rounded("bf16", "bfloat16", threads -> graph -> {
        open.incrementAndGet();
        return new Counted(new OrtRuntime().prepare(graph), open);
    });

    private Path bundle = Path.of("");
    private @Nullable Running running;

    private record Counted(Session session, AtomicInteger open) implements Session {
        @Override
        public Map<String, Array> run(Map<String, Array> inputs) {
            return session.run(inputs);
        }

        @Override
        public void close() {
            session.close();
            open.decrementAndGet();
        }
    }

    @BeforeEach
    void start() throws IOException {
        bundle = Running.bundle(folder);
        running = Running.of(InferenceServer.start(Map.of("tiny", bundle), Running.SETTINGS.withEngine(engine)));
    }

    private Running server() {
        return Objects.requireNonNull(running);
    }

    @AfterEach
    void stop() {
        server().close();
    }

    @Test
    void everyProtocolTellsThePrecision() throws Exception {
        assertThat(Running.json(server().get("/info")).get("model_dtype").asText())
                .isEqualTo("bfloat16");
        var model = Running.json(server().get("/v2/models/tiny"));
        assertThat(model.get("platform").asText()).isEqualTo("pytorch_libtorch");
        assertThat(model.at("/parameters/precision").asText()).isEqualTo("bf16");
        var config = Running.json(server().get("/v2/models/tiny/config"));
        assertThat(config.get("backend").asText()).isEqualTo("pytorch");
        assertThat(config.at("/parameters/precision/string_value").asText()).isEqualTo("bf16");
        var stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server().port() + "/", GRPCInferenceServiceBlockingStub.class);
        ModelConfig told = stub.modelConfig(
                        ModelConfigRequest.newBuilder().setName("tiny").build())
                .getConfig();
        assertThat(told.getPlatform()).isEqualTo("pytorch_libtorch");
        assertThat(told.getParametersOrThrow("precision").getStringValue()).isEqualTo("bf16");
        assertThat(stub.modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("tiny")
                                .build())
                        .getPlatform())
                .isEqualTo("pytorch_libtorch");
    }

    @Test
    void textsAndVectorsAreAnswered() throws Exception {
        assertThat(server().post("/predict", "{\"inputs\": \"card lost\"}").statusCode())
                .isEqualTo(200);
        assertThat(server().post("/embed", "{\"inputs\": \"card lost\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aModelThatIsUnloadedIsFreed() throws Exception {
        assertThat(open).hasValue(1);
        assertThat(server().post("/v2/repository/models/tiny/load", "").statusCode())
                .isEqualTo(200);
        assertThat(server().post("/v2/repository/models/tiny/unload", "").statusCode())
                .isEqualTo(200);
        for (int i = 0; i < PATIENCE && open.get() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(open).hasValue(0);
    }

    @Test
    void adaptersAreRefused() throws IOException {
        var tenants = new TenantSettings(Files.createDirectory(folder.resolve("adapters")), Optional.empty());
        ServeSettings settings =
                Running.SETTINGS.withEngine(engine).withModels(ModelSettings.DEFAULT.withTenants(tenants));
        Map<String, Path> bundles = Map.of("tiny", bundle);
        assertThatThrownBy(() -> InferenceServer.start(bundles, settings))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Adapters cannot be served in bf16")
                .hasMessageContaining("leave --precision or --adapters out");
    }
}
