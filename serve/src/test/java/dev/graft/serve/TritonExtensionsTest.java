package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.bundle.TinyBundle;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import inference.InferTensorContents;
import inference.ModelConfig;
import inference.ModelConfigRequest;
import inference.ModelInferRequest;
import inference.ModelRepositoryParameter;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ModelStreamInferResponse;
import inference.NotOffered;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TritonExtensionsTest {
    private static final int STREAMED = 2_000;

    @TempDir
    static Path folder;

    private static Running server;
    private static GRPCInferenceServiceBlockingStub stub;

    @BeforeAll
    static void start() throws IOException {
        server = Running.in(folder, Running.SETTINGS);
        stub = GrpcClients.newClient(address(), GRPCInferenceServiceBlockingStub.class);
    }

    private static String address() {
        return "gproto+http://127.0.0.1:" + server.port() + "/";
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ModelInferRequest request(String id, String text) {
        return ModelInferRequest.newBuilder()
                .setModelName("tiny")
                .setId(id)
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("text")
                        .setDatatype("BYTES")
                        .addShape(1)
                        .setContents(InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(text))))
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("logits"))
                .build();
    }

    @Test
    void statisticsCountWhatWasDone() throws Exception {
        JsonNode before = statistics("/v2/models/tiny/stats");
        server.post("/predict", "{\"inputs\": [\"card\", \"lost\"]}");
        server.post("/predict", "{\"inputs\": []}");
        JsonNode after = statistics("/v2/models/tiny/stats");
        assertThat(after.get("name").asText()).isEqualTo("tiny");
        assertThat(after.get("version").asText()).matches("[0-9a-f]{12}");
        assertThat(more(before, after, "/inference_count")).isGreaterThanOrEqualTo(2);
        assertThat(more(before, after, "/execution_count")).isBetween(1L, 2L);
        for (String part : new String[] {"success", "fail", "queue", "compute_input", "compute_infer"}) {
            assertThat(more(before, after, "/inference_stats/" + part + "/count"))
                    .as(part)
                    .isEqualTo(1);
            assertThat(more(before, after, "/inference_stats/" + part + "/ns"))
                    .as(part)
                    .isPositive();
        }
        assertThat(after.get("last_inference").asLong())
                .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
        long batches = 0;
        for (JsonNode batch : after.get("batch_stats")) {
            batches += batch.at("/compute_infer/count").asLong();
        }
        assertThat(batches).isEqualTo(after.get("execution_count").asLong());
    }

    private static long more(JsonNode before, JsonNode after, String figure) {
        return after.at(figure).asLong() - before.at(figure).asLong();
    }

    private static JsonNode statistics(String path) throws Exception {
        JsonNode all = Running.json(server.get(path)).get("model_stats");
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void statisticsAreOfOneModelOrOfAll() throws Exception {
        String version = statistics("/v2/models/stats").get("version").asText();
        assertThat(statistics("/v2/models/tiny/versions/" + version + "/stats").get("name"))
                .isNotNull();
        assertThat(server.get("/v2/models/nope/stats").statusCode()).isEqualTo(404);
        ModelStatistics message = stub.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStats(0);
        assertThat(message.getVersion()).isEqualTo(version);
        assertThat(message.getInferenceStats().getSuccess().getCount())
                .isEqualTo(statistics("/v2/models/stats")
                        .at("/inference_stats/success/count")
                        .asLong());
    }

    @Test
    void theConfigurationNamesEveryTensor() throws Exception {
        JsonNode config = Running.json(server.get("/v2/models/tiny/config"));
        assertThat(config.get("backend").asText()).isEqualTo("onnxruntime");
        assertThat(config.get("max_batch_size").asInt()).isZero();
        assertThat(config.at("/input/0").toString())
                .isEqualTo("{\"name\":\"text\",\"data_type\":\"TYPE_STRING\",\"dims\":[-1],\"optional\":true}");
        assertThat(config.at("/output/2").toString())
                .isEqualTo("{\"name\":\"logits\",\"data_type\":\"TYPE_FP32\",\"dims\":[-1,3]}");
        ModelConfig message = stub.modelConfig(
                        ModelConfigRequest.newBuilder().setName("tiny").build())
                .getConfig();
        assertThat(message.getOutput(2).getDims(1)).isEqualTo(3);
        assertThat(message.getInputList()).hasSize(config.get("input").size());
        assertThat(server.get("/v2/models/nope/config").statusCode()).isEqualTo(404);
    }

    @Test
    void aStreamAnswersEachRequestInOrderAndGoesOnAfterAnError() throws Exception {
        List<ModelStreamInferResponse> answers = Collections.synchronizedList(new ArrayList<>());
        var done = new CountDownLatch(1);
        StreamObserver<ModelInferRequest> requests = GrpcClients.newClient(address(), GRPCInferenceServiceStub.class)
                .modelStreamInfer(new StreamObserver<>() {
                    @Override
                    public void onNext(ModelStreamInferResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        done.countDown();
                    }

                    @Override
                    public void onCompleted() {
                        done.countDown();
                    }
                });
        for (int i = 0; i < STREAMED; i++) {
            String word = i % 10 == 9 ? "" : TinyBundle.WORDS.get(4 + i % 4);
            requests.onNext(request(Integer.toString(i), word));
        }
        requests.onCompleted();
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).hasSize(STREAMED);
        for (int i = 0; i < STREAMED; i++) {
            ModelStreamInferResponse answer = answers.get(i);
            assertThat(answer.getInferResponse().getId()).isEqualTo(Integer.toString(i));
            if (i % 10 == 9) {
                assertThat(answer.getErrorMessage()).contains("cannot be empty");
            } else {
                assertThat(answer.getErrorMessage()).isEmpty();
                float first = answer.getInferResponse()
                        .getRawOutputContents(0)
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat();
                assertThat(first)
                        .isCloseTo(
                                TinyBundle.logits(2, 4 + i % 4, 3)[0], org.assertj.core.api.Assertions.within(1e-5f));
            }
        }
    }

    @Test
    void parametersThatWouldChangeABundleAreRefused() throws Exception {
        var config = ModelRepositoryParameter.newBuilder().setStringParam("{}").build();
        assertThatThrownBy(() -> stub.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName("tiny")
                        .putParameters("config", config)
                        .build()))
                .hasMessageContaining("'config' is not taken");
        var dependents =
                ModelRepositoryParameter.newBuilder().setBoolParam(false).build();
        stub.repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                .setModelName("tiny")
                .putParameters("unload_dependents", dependents)
                .build());
        String load = "/v2/repository/models/tiny/load";
        assertThat(server.post(load, "{\"parameters\": {\"config\": \"{}\"}}").statusCode())
                .isEqualTo(422);
        assertThat(server.post(load, "{\"parameters\": {}}").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNotOfferedIsToldSo() throws Exception {
        for (String path : new String[] {
            "/v2/systemsharedmemory/status",
            "/v2/cudasharedmemory/region/x/register",
            "/v2/trace/setting",
            "/v2/logging"
        }) {
            assertThat(server.get(path).body()).as(path).contains("not offered");
            assertThat(server.post(path, "{}").statusCode()).isEqualTo(404);
        }
        assertThatThrownBy(() -> stub.traceSetting(NotOffered.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }
}
