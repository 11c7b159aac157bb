package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /v2/models/NAME/infer} of the Open Inference Protocol, version 2, with its binary tensor extension. */
record V2InferEndpoint(Inference inference) implements ModelService.Endpoint {
    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
            throws IOException {
        V2Request asked = V2Request.of(exchange.headers(), request.content().array(), exchange.terms());
        CompletableFuture<Inference.Inferred> inferred = inference.infer(model, asked.request(), exchange.visit());
        var unused = exchange.context().whenRequestCancelling().thenAccept(cause -> inferred.cancel(false));
        return inferred.thenApply(done -> response(exchange, model, asked, done));
    }

    private static HttpResponse response(
            Exchange exchange, ServedModel model, V2Request asked, Inference.Inferred inferred) {
        long post = System.nanoTime();
        var behind = new ArrayList<ByteBuffer>();
        HttpData head = JsonBody.of(json -> write(json, exchange, model, asked, inferred.outputs(), behind));
        HttpResponse response = behind.isEmpty()
                ? HttpResponse.of(exchange.headers(model, MediaType.JSON, head.length()), head)
                : binary(exchange, model, head, behind);
        model.meters().answered(exchange.visit(), inferred.answered(), System.nanoTime() - post);
        return response;
    }

    private static HttpResponse binary(Exchange exchange, ServedModel model, HttpData head, List<ByteBuffer> behind) {
        int length =
                head.length() + behind.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer body = ByteBuffer.allocate(length).put(head.array());
        behind.forEach(body::put);
        ResponseHeaders headers = exchange.headers(model, MediaType.OCTET_STREAM, length).toBuilder()
                .setInt(V2Request.JSON_LENGTH, head.length())
                .build();
        return HttpResponse.of(headers, HttpData.wrap(body.array()));
    }

    private static void write(
            JsonGenerator json,
            Exchange exchange,
            ServedModel model,
            V2Request asked,
            List<InferTensor> outputs,
            List<ByteBuffer> behind)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", model.name());
        json.writeStringField("model_version", model.version());
        if (!asked.request().id().isEmpty()) {
            json.writeStringField("id", asked.request().id());
        }
        json.writeObjectFieldStart("parameters");
        json.writeStringField("prediction_id", exchange.predictionId());
        json.writeEndObject();
        json.writeArrayFieldStart("outputs");
        for (int i = 0; i < outputs.size(); i++) {
            boolean binary = asked.binary().isEmpty()
                    ? asked.allBinary()
                    : asked.binary().get(i);
            write(json, outputs.get(i), binary, behind);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, InferTensor output, boolean binary, List<ByteBuffer> behind)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.name());
        json.writeStringField(
                "datatype", DataType.of(output.array().type()).orElseThrow().name());
        json.writeArrayFieldStart("shape");
        for (long size : output.array().shape()) {
            json.writeNumber(size);
        }
        json.writeEndArray();
        if (binary) {
            ByteBuffer bytes = TensorBytes.write(output.array());
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", bytes.remaining());
            json.writeEndObject();
            behind.add(bytes);
        } else {
            json.writeFieldName("data");
            TensorJson.write(json, output.array());
        }
        json.writeEndObject();
    }
}
