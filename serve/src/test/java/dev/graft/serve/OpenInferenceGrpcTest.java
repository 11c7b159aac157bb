package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.graft.bundle.TinyBundle;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenInferenceGrpcTest {
    private static final float CLOSE = 1e-5f;

    @TempDir
    static Path folder;

    private static Running server;
    private static GRPCInferenceServiceBlockingStub stub;

    @BeforeAll
    static void start() throws IOException {
        server = Running.in(folder, Running.SETTINGS);
        stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server.port() + "/", GRPCInferenceServiceBlockingStub.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ModelInferRequest.Builder texts(String... texts) {
        var contents = InferTensorContents.newBuilder();
        for (String text : texts) {
            contents.addBytesContents(ByteString.copyFromUtf8(text));
        }
        return ModelInferRequest.newBuilder()
                .setModelName("tiny")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("text")
                        .setDatatype("BYTES")
                        .addShape(texts.length)
                        .setContents(contents));
    }

    private static float[] floats(ByteString bytes) {
        var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @Test
    void textsAreAnswered() {
        ModelInferResponse response = stub.modelInfer(texts("card lost")
                .setId("7")
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("logits"))
                .build());
        assertThat(response.getId()).isEqualTo("7");
        assertThat(response.getModelVersion()).matches("[0-9a-f]{12}");
        assertThat(response.getParametersOrThrow("prediction_id").getStringParam())
                .hasSize(36);
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 3L);
        assertThat(floats(response.getRawOutputContents(0)))
                .containsExactly(TinyBundle.logits(2, 4, 5, 3), within(CLOSE));
    }

    @Test
    void rawTensorsAreAnswered() {
        var ids = InferInputTensor.newBuilder()
                .setName("input_ids")
                .setDatatype("INT64")
                .addShape(1)
                .addShape(4);
        byte[] bytes = new byte[32];
        int[] values = {2, 4, 5, 3};
        for (int i = 0; i < 4; i++) {
            bytes[8 * i] = (byte) values[i];
        }
        ModelInferResponse response = stub.modelInfer(ModelInferRequest.newBuilder()
                .setModelName("tiny")
                .addInputs(ids)
                .addRawInputContents(ByteString.copyFrom(bytes))
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("logits"))
                .build());
        assertThat(floats(response.getRawOutputContents(0)))
                .containsExactly(TinyBundle.logits(2, 4, 5, 3), within(CLOSE));
    }

    @Test
    void theServerTellsOfItselfAndItsModels() {
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("graft");
        ModelMetadataResponse metadata = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("tiny").build());
        assertThat(metadata.getInputs(0).getName()).isEqualTo("text");
        assertThat(metadata.getOutputsList()).hasSize(4);
    }

    @Test
    void modelsAreUnloadedAndLoadedAgain() {
        var ready = ModelReadyRequest.newBuilder().setName("tiny").build();
        assertThat(stub.modelReady(ready).getReady()).isTrue();
        stub.repositoryModelUnload(
                RepositoryModelUnloadRequest.newBuilder().setModelName("tiny").build());
        assertThat(stub.modelReady(ready).getReady()).isFalse();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isFalse();
        assertStatus(() -> stub.modelInfer(texts("card").build()), Status.Code.UNAVAILABLE);
        stub.repositoryModelLoad(
                RepositoryModelLoadRequest.newBuilder().setModelName("tiny").build());
        assertThat(stub.modelReady(ready).getReady()).isTrue();
        assertThat(stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModels(0)
                        .getState())
                .isEqualTo("READY");
    }

    @Test
    void errorsHaveTheirCodes() {
        assertStatus(() -> stub.modelInfer(texts("a").setModelName("nope").build()), Status.Code.NOT_FOUND);
        assertStatus(() -> stub.modelInfer(texts("a").setModelVersion("1").build()), Status.Code.NOT_FOUND);
        assertStatus(() -> stub.modelInfer(texts("").build()), Status.Code.INVALID_ARGUMENT);
        assertStatus(() -> stub.modelInfer(texts().build()), Status.Code.INVALID_ARGUMENT);
        assertStatus(() -> stub.modelInfer(ModelInferRequest.getDefaultInstance()), Status.Code.INVALID_ARGUMENT);
        assertStatus(
                () -> stub.modelInfer(
                        texts("a").addRawInputContents(ByteString.EMPTY).build()),
                Status.Code.INVALID_ARGUMENT);
        List<String> shapes = List.of("-1", "9", "9223372036854775807");
        for (String size : shapes) {
            ModelInferRequest.Builder request = texts("a");
            request.getInputsBuilder(0).setShape(0, Long.parseLong(size));
            assertStatus(() -> stub.modelInfer(request.build()), Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void aDeadlineThatCannotBeMetIsRefused() {
        assertStatus(
                () -> stub.withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                        .modelInfer(texts("card").build()),
                Status.Code.DEADLINE_EXCEEDED);
    }

    private static void assertStatus(Runnable call, Status.Code code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode())
                                .as(String.valueOf(failure.getMessage()))
                                .isEqualTo(code));
    }
}
