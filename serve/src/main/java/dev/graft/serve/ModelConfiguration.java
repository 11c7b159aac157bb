package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.graft.bundle.Bundle;
import inference.ModelConfig;
import inference.ModelInput;
import inference.ModelOutput;
import inference.ModelParameter;
import java.io.IOException;
import java.util.List;

/**
 * A model as Triton's model configuration extension describes it.
 *
 * <p>The largest batch is 0, which means that shapes are told in full: the first size of a tensor is its rows.
 */
record ModelConfiguration(ServedModel model, int maxClientBatchSize) {
    static final String PRECISION = "precision";
    private static final String MOST_ROWS = "max_client_batch_size";

    /** Writes it as Triton's HTTP interface does. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", model.name());
        json.writeStringField("platform", model.engine().platform());
        json.writeStringField("backend", model.engine().backend());
        json.writeNumberField("max_batch_size", 0);
        write(json, "input", TensorInfo.inputs(model), true);
        write(json, "output", TensorInfo.outputs(model), false);
        json.writeStringField("default_model_filename", Bundle.MODEL);
        json.writeObjectFieldStart("parameters");
        parameter(json, MOST_ROWS, Integer.toString(maxClientBatchSize));
        parameter(json, PRECISION, model.engine().precision());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void parameter(JsonGenerator json, String name, String value) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("string_value", value);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String field, List<TensorInfo> tensors, boolean optional)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (TensorInfo tensor : tensors) {
            json.writeStartObject();
            json.writeStringField("name", tensor.name());
            json.writeStringField("data_type", type(tensor).name());
            json.writeArrayFieldStart("dims");
            for (long size : tensor.shape()) {
                json.writeNumber(size);
            }
            json.writeEndArray();
            if (optional) {
                json.writeBooleanField("optional", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The same as Triton's gRPC interface tells it. */
    ModelConfig message() {
        ModelConfig.Builder config = ModelConfig.newBuilder()
                .setName(model.name())
                .setPlatform(model.engine().platform())
                .setBackend(model.engine().backend())
                .setDefaultModelFilename(Bundle.MODEL)
                .putParameters(MOST_ROWS, parameter(Integer.toString(maxClientBatchSize)))
                .putParameters(PRECISION, parameter(model.engine().precision()));
        for (TensorInfo input : TensorInfo.inputs(model)) {
            config.addInput(ModelInput.newBuilder()
                    .setName(input.name())
                    .setDataType(type(input))
                    .addAllDims(input.shape())
                    .setOptional(true));
        }
        for (TensorInfo output : TensorInfo.outputs(model)) {
            config.addOutput(ModelOutput.newBuilder()
                    .setName(output.name())
                    .setDataType(type(output))
                    .addAllDims(output.shape()));
        }
        return config.build();
    }

    private static ModelParameter parameter(String value) {
        return ModelParameter.newBuilder().setStringValue(value).build();
    }

    private static inference.DataType type(TensorInfo tensor) {
        return switch (tensor.type()) {
            case BOOL -> inference.DataType.TYPE_BOOL;
            case UINT8 -> inference.DataType.TYPE_UINT8;
            case INT8 -> inference.DataType.TYPE_INT8;
            case INT16 -> inference.DataType.TYPE_INT16;
            case INT32 -> inference.DataType.TYPE_INT32;
            case INT64 -> inference.DataType.TYPE_INT64;
            case FP32 -> inference.DataType.TYPE_FP32;
            case FP64 -> inference.DataType.TYPE_FP64;
            case BYTES -> inference.DataType.TYPE_STRING;
        };
    }
}
