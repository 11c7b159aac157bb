package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import dev.graft.predict.Answered;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /embed}: texts to vectors, which are the tuned encoder's pooled features: what the classifier reads.
 *
 * <p>Source: the OpenAPI description of Hugging Face's text-embeddings-inference 1.9.
 */
record EmbedEndpoint(int maxClientBatchSize) implements ModelService.Endpoint {
    private static final Set<String> KNOWN = Set.of("inputs", "normalize", "truncate", "truncation_direction");

    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
            throws IOException {
        requireFeatures(model);
        Fields fields = new Fields(JsonBody.object(request.content().array())).knowing(KNOWN);
        TextInputs inputs = TextInputs.of(fields.required("inputs"), maxClientBatchSize);
        boolean normalize = fields.flag("normalize", true);
        return exchange.ask(model, inputs.rows(), Truncation.of(fields))
                .thenApply(answers -> exchange.answered(model, answers, json -> {
                    json.writeStartArray();
                    for (Answered answer : answers) {
                        float[] features = answer.outputs().features();
                        write(json, normalize ? normalized(features) : features);
                    }
                    json.writeEndArray();
                }));
    }

    /** @throws Problem if the model gives out no features */
    static void requireFeatures(ServedModel model) {
        if (!model.model().givesFeatures()) {
            throw new Problem(
                    Problem.Type.UNSUPPORTED,
                    "The model '" + model.name() + "' is no embedding model: its graph does not end in a linear"
                            + " classifier whose input could be given out");
        }
    }

    static void write(JsonGenerator json, float[] vector) throws IOException {
        json.writeStartArray();
        for (float value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    /** The vector of length 1 in the same direction. */
    static float[] normalized(float[] vector) {
        double length = length(vector);
        float[] normalized = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalized[i] = (float) (vector[i] / length);
        }
        return normalized;
    }

    /** The Euclidean length; 1 for the vector of zeros, which has no direction. */
    private static double length(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return sum == 0 ? 1 : Math.sqrt(sum);
    }
}
