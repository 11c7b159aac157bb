package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import dev.graft.data.Encoding;
import dev.graft.predict.Answered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /v1/embeddings}, as OpenAI's clients ask and text-embeddings-inference answers: normalized vectors.
 *
 * <p>Source: OpenAI's API reference, "Create embeddings".
 */
record OpenAiEmbeddings(Models models, int maxClientBatchSize) implements ModelService.Endpoint {
    private static final Set<String> KNOWN = Set.of("input", "model", "encoding_format", "dimensions", "user");

    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel first, AggregatedHttpRequest request)
            throws IOException {
        Fields fields = new Fields(JsonBody.object(request.content().array())).knowing(KNOWN);
        boolean base64 = base64(fields.text("encoding_format", "float"));
        fields.text("user", "");
        Models.Use use = models.use(fields.text("model", ""), "");
        try {
            return answer(exchange, use.model(), fields, base64).whenComplete((answer, failure) -> use.close());
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    private CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, Fields fields, boolean base64) {
        EmbedEndpoint.requireFeatures(model);
        TextInputs inputs = TextInputs.of("input", fields.required("input"), maxClientBatchSize);
        List<Encoding> rows = model.encode(inputs.rows(), Truncation.AT_END, exchange.visit());
        int tokens = rows.stream().mapToInt(Encoding::length).sum();
        JsonNode dimensions = fields.object().path("dimensions");
        return exchange.askTokens(model, rows).thenApply(answers -> {
            int width = answers.get(0).outputs().features().length;
            if (!dimensions.isMissingNode() && !dimensions.isNull() && dimensions.asInt(-1) != width) {
                throw Problem.invalid("'dimensions' can only be " + width + ", which all vectors have");
            }
            return exchange.answered(model, answers, json -> write(json, model, answers, tokens, base64));
        });
    }

    private static boolean base64(String format) {
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw Problem.invalid("'encoding_format' must be \"float\" or \"base64\"");
        };
    }

    private static void write(JsonGenerator json, ServedModel model, List<Answered> answers, int tokens, boolean base64)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("object", "list");
        json.writeArrayFieldStart("data");
        for (int i = 0; i < answers.size(); i++) {
            float[] vector = EmbedEndpoint.normalized(answers.get(i).outputs().features());
            json.writeStartObject();
            json.writeStringField("object", "embedding");
            json.writeNumberField("index", i);
            json.writeFieldName("embedding");
            if (base64) {
                json.writeString(Base64.getEncoder().encodeToString(bytes(vector)));
            } else {
                EmbedEndpoint.write(json, vector);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("model", model.name());
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", tokens);
        json.writeNumberField("total_tokens", tokens);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }
}
