package dev.graft.serve;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.graft.predict.Terms;
import java.util.List;

/** {@code GET /info} and {@code GET /health}, in the shape of text-embeddings-inference. */
record Information(Models models, ServeSettings settings) {
    /** What the first model is, and what the server takes. */
    HttpResponse info() {
        try {
            return HttpResponse.of(models.hold("", "", Terms.NONE).thenApply(held -> {
                try (Models.Use use = held) {
                    return info(use.model());
                }
            }));
        } catch (Problem problem) {
            return Problems.response(problem);
        }
    }

    private HttpResponse info(ServedModel model) {
        List<String> labels = model.model().labels();
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, JsonBody.of(json -> {
            json.writeStartObject();
            json.writeStringField("model_id", model.name());
            json.writeStringField("model_sha", model.version());
            json.writeStringField("model_dtype", model.engine().type());
            json.writeObjectFieldStart("model_type");
            json.writeObjectFieldStart("classifier");
            json.writeObjectFieldStart("id2label");
            for (int i = 0; i < labels.size(); i++) {
                json.writeStringField(Integer.toString(i), labels.get(i));
            }
            json.writeEndObject();
            json.writeObjectFieldStart("label2id");
            for (int i = 0; i < labels.size(); i++) {
                json.writeNumberField(labels.get(i), i);
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeNumberField("max_concurrent_requests", settings.maxConcurrentRequests());
            json.writeNumberField(
                    "max_input_length",
                    model.model().bundle().manifest().encoder().maxLength());
            json.writeNumberField("max_batch_tokens", settings.batching().maxTokens());
            json.writeNumberField("max_batch_requests", settings.batching().maxRows());
            json.writeNumberField("max_client_batch_size", settings.maxClientBatchSize());
            json.writeBooleanField("auto_truncate", true);
            json.writeNumberField("tokenization_workers", settings.tokenizationWorkers());
            json.writeStringField("version", Version.text());
            json.writeEndObject();
        }));
    }

    /** 200 when every model is in service. */
    HttpResponse health() {
        return models.allReady()
                ? HttpResponse.of(HttpStatus.OK)
                : Problems.response(new Problem(Problem.Type.UNAVAILABLE, "A model is not loaded"));
    }
}
