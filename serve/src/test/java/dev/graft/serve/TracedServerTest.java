package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import dev.graft.watch.Collector;
import dev.graft.watch.LogSettings;
import dev.graft.watch.LogSettings.Format;
import dev.graft.watch.WatchSettings;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces and logs of requests as clients make them. */
@Timeout(60)
class TracedServerTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    @TempDir
    private Path folder;

    private Collector collector;
    private Running server;

    @BeforeEach
    void start() throws IOException {
        collector = new Collector();
        var log = new LogSettings(Format.JSON, Optional.of(folder.resolve("log")), 1 << 20, 1, false);
        WatchSettings watching =
                WatchSettings.DEFAULT.withOtlpEndpoint(collector.address()).withLog(log);
        server = Running.in(folder, Running.SETTINGS.withWatching(watching));
    }

    private void stop() {
        server.close();
    }

    @AfterEach
    void stopCollecting() {
        collector.close();
    }

    private JsonNode line(int number) throws IOException {
        return new ObjectMapper()
                .readTree(Files.readAllLines(folder.resolve("log")).get(number));
    }

    private static ModelInferRequest request() {
        return ModelInferRequest.newBuilder()
                .setModelName("tiny")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("text")
                        .setDatatype("BYTES")
                        .addShape(1)
                        .setContents(InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("card lost"))))
                .build();
    }

    @Test
    void aTraceOverHttpIsContinuedAndItsIdIsLogged() throws Exception {
        HttpResponse<String> response = server.send(server.request("/predict")
                .header("traceparent", PARENT)
                .POST(BodyPublishers.ofString("{\"inputs\": \"card lost\"}")));
        stop();
        assertThat(collector.spans())
                .extracting(Span::getName)
                .contains("predict", "tokenise", "queue", "infer", "post");
        assertThat(collector.spans())
                .allMatch(span -> Collector.hex(span.getTraceId()).equals(TRACE));
        assertThat(line(0).get("trace_id").asText()).isEqualTo(TRACE);
        assertThat(line(0).get("prediction_id").asText())
                .isEqualTo(response.headers().firstValue(Exchange.PREDICTION_ID).orElseThrow());
        assertThat(line(0).get("model").asText()).isEqualTo("tiny");
        assertThat(Files.readString(folder.resolve("log"))).doesNotContain("card");
    }

    @Test
    void aTraceOverGrpcIsContinuedAndItsIdIsLogged() throws Exception {
        GRPCInferenceServiceBlockingStub client = GrpcClients.builder("http://127.0.0.1:" + server.port())
                .setHeader(HttpHeaderNames.of("traceparent"), PARENT)
                .build(GRPCInferenceServiceBlockingStub.class);
        ModelInferResponse response = client.modelInfer(request());
        stop();
        assertThat(collector.spans()).extracting(Span::getName).contains("infer", "tokenise", "queue", "post");
        assertThat(collector.spans())
                .allMatch(span -> Collector.hex(span.getTraceId()).equals(TRACE));
        assertThat(line(0).get("trace_id").asText()).isEqualTo(TRACE);
        assertThat(line(0).get("prediction_id").asText())
                .isEqualTo(response.getParametersOrThrow("prediction_id").getStringParam());
    }

    @Test
    void aRequestThatIsRefusedIsTracedAndLoggedToo() throws Exception {
        server.post("/models/other/predict", "{\"inputs\": \"card\"}");
        server.post("/predict", "{\"inputs\": []}");
        stop();
        List<Span> spans = collector.spans();
        assertThat(spans).extracting(Span::getName).containsExactly("predict", "predict");
        assertThat(line(0).get("status").asInt()).isEqualTo(404);
        assertThat(line(0).get("level").asText()).isEqualTo("warn");
        assertThat(line(0).has("model")).isFalse();
        assertThat(line(1).get("status").asInt()).isEqualTo(422);
        assertThat(line(1).get("outcome").asText()).isEqualTo("validation");
        assertThat(line(1).get("model").asText()).isEqualTo("tiny");
    }
}
