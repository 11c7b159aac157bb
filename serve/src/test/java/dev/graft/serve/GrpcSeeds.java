package dev.graft.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelConfigRequest;
import inference.ModelInferRequest;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelRepositoryParameter;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Calls over gRPC that are right, to be made wrong. */
final class GrpcSeeds {
    /** A method, and the message that it takes. */
    record Call(String method, byte[] message) {
        static Call of(String method, MessageLite message) {
            return new Call(method, message.toByteArray());
        }
    }

    private static final ModelInferRequest TEXTS = ModelInferRequest.newBuilder()
            .setModelName("tiny")
            .setId("7")
            .putParameters("a", InferParameter.newBuilder().setInt64Param(3).build())
            .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .addShape(2)
                    .setContents(InferTensorContents.newBuilder()
                            .addBytesContents(ByteString.copyFromUtf8("card lost"))
                            .addBytesContents(ByteString.copyFromUtf8("money"))))
            .addOutputs(
                    ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("logits"))
            .build();
    private static final ModelInferRequest RAW = ModelInferRequest.newBuilder()
            .setModelName("tiny")
            .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .addShape(1))
            .addRawInputContents(ByteString.copyFrom("\u0004\u0000\u0000\u0000card", StandardCharsets.ISO_8859_1))
            .build();
    private static final ModelInferRequest IDS = ModelInferRequest.newBuilder()
            .setModelName("tiny")
            .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("input_ids")
                    .setDatatype("INT64")
                    .addShape(1)
                    .addShape(3)
                    .setContents(InferTensorContents.newBuilder()
                            .addInt64Contents(2)
                            .addInt64Contents(4)
                            .addInt64Contents(3)))
            .build();

    static final List<Call> CALLS = List.of(
            Call.of("ModelInfer", TEXTS),
            Call.of("ModelInfer", RAW),
            Call.of("ModelInfer", IDS),
            Call.of("ModelStreamInfer", TEXTS),
            Call.of("ModelStreamInfer", IDS),
            Call.of("ModelReady", ModelReadyRequest.newBuilder().setName("tiny").build()),
            Call.of(
                    "ModelMetadata",
                    ModelMetadataRequest.newBuilder().setName("tiny").build()),
            Call.of(
                    "ModelConfig",
                    ModelConfigRequest.newBuilder().setName("tiny").build()),
            Call.of(
                    "ModelStatistics",
                    ModelStatisticsRequest.newBuilder().setName("tiny").build()),
            Call.of(
                    "RepositoryIndex",
                    RepositoryIndexRequest.newBuilder().setReady(true).build()),
            Call.of(
                    "RepositoryModelLoad",
                    RepositoryModelLoadRequest.newBuilder()
                            .setModelName("tiny")
                            .putParameters(
                                    "config",
                                    ModelRepositoryParameter.newBuilder()
                                            .setStringParam("{}")
                                            .build())
                            .build()),
            new Call("TraceSetting", new byte[] {10, 1, 65}));

    private GrpcSeeds() {}
}
