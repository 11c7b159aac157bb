package dev.graft.serve;

import com.google.protobuf.ByteString;
import dev.graft.predict.Terms;
import dev.graft.tensor.Array;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The messages of the Open Inference Protocol's gRPC service to and from requests and answers. */
final class V2Grpc {
    private static final int MOST_TENSORS = 16;

    private V2Grpc() {}

    /** @throws Problem if the message is not what it must be */
    static InferRequest request(ModelInferRequest message, Terms terms) {
        int inputs = message.getInputsCount();
        int raw = message.getRawInputContentsCount();
        if (inputs > MOST_TENSORS || message.getOutputsCount() > MOST_TENSORS) {
            throw Problem.invalid("A request holds at most " + MOST_TENSORS + " inputs and outputs");
        }
        if (raw != 0 && raw != inputs) {
            throw Problem.invalid("There are " + inputs + " inputs, but " + raw + " 'raw_input_contents'");
        }
        var tensors = new ArrayList<InferTensor>(inputs);
        for (int i = 0; i < inputs; i++) {
            InferInputTensor input = message.getInputs(i);
            if (raw != 0 && input.hasContents()) {
                throw Problem.invalid("The input '" + Names.shown(input.getName())
                        + "' has both 'contents' and 'raw_input_contents'");
            }
            tensors.add(tensor(
                    input, raw == 0 ? null : message.getRawInputContents(i).asReadOnlyByteBuffer()));
        }
        List<String> outputs = message.getOutputsList().stream()
                .map(ModelInferRequest.InferRequestedOutputTensor::getName)
                .toList();
        return new InferRequest(message.getId(), tensors, outputs, terms);
    }

    private static InferTensor tensor(InferInputTensor input, @org.jspecify.annotations.Nullable ByteBuffer raw) {
        String name = input.getName();
        DataType type = DataType.named(name, input.getDatatype());
        long[] shape = input.getShapeList().stream().mapToLong(Long::longValue).toArray();
        int elements = Shapes.elements(name, shape);
        return new InferTensor(
                name,
                raw == null
                        ? contents(name, type, shape, elements, input.getContents())
                        : TensorBytes.read(name, type, shape, elements, raw));
    }

    private static Array contents(
            String name, DataType type, long[] shape, int elements, InferTensorContents contents) {
        int given = switch (type) {
            case BOOL -> contents.getBoolContentsCount();
            case UINT8 -> contents.getUintContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
        };
        if (given != elements) {
            throw Problem.invalid("The tensor '" + Names.shown(name) + "' holds " + given + " values of " + type
                    + ", its shape asks for " + elements);
        }
        if (type == DataType.BYTES) {
            return Array.ofStrings(
                    contents.getBytesContentsList().stream()
                            .map(bytes -> TensorBytes.text(name, bytes.asReadOnlyByteBuffer()))
                            .toList(),
                    shape);
        }
        ByteBuffer buffer = Array.allocate(type.type().bytes(elements));
        for (int i = 0; i < elements; i++) {
            put(type, contents, i, buffer);
        }
        return Array.of(type.type(), shape, buffer.flip());
    }

    private static void put(DataType type, InferTensorContents contents, int i, ByteBuffer into) {
        switch (type) {
            case BOOL -> into.put((byte) (contents.getBoolContents(i) ? 1 : 0));
            case UINT8 -> into.put((byte) contents.getUintContents(i));
            case INT8 -> into.put((byte) contents.getIntContents(i));
            case INT16 -> into.putShort((short) contents.getIntContents(i));
            case INT32 -> into.putInt(contents.getIntContents(i));
            case INT64 -> into.putLong(contents.getInt64Contents(i));
            case FP32 -> into.putFloat(contents.getFp32Contents(i));
            case FP64 -> into.putDouble(contents.getFp64Contents(i));
            case BYTES -> throw new IllegalStateException("texts are no numbers");
        }
    }

    /** The answer, its tensors as raw bytes. */
    static ModelInferResponse response(
            ServedModel model, InferRequest request, String predictionId, List<InferTensor> outputs) {
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(model.name())
                .setModelVersion(model.version())
                .setId(request.id())
                .putParameters(
                        "prediction_id",
                        InferParameter.newBuilder().setStringParam(predictionId).build());
        for (InferTensor output : outputs) {
            response.addOutputs(ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName(output.name())
                    .setDatatype(
                            DataType.of(output.array().type()).orElseThrow().name())
                    .addAllShape(Arrays.stream(output.array().shape()).boxed().toList()));
            response.addRawOutputContents(ByteString.copyFrom(TensorBytes.write(output.array())));
        }
        return response.build();
    }
}
