package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import dev.graft.predict.Answered;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /predict}: texts, or pairs of texts, to labels with scores, the highest first; where a row may have several labels each has
 * a score of its own, and a regression gives its number as the score of its one label.
 *
 * <p>Source: the OpenAPI description of Hugging Face's text-embeddings-inference 1.9.
 */
record PredictEndpoint(int maxClientBatchSize) implements ModelService.Endpoint {
    private static final Set<String> KNOWN = Set.of("inputs", "raw_scores", "truncate", "truncation_direction");

    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
            throws IOException {
        Fields fields = new Fields(JsonBody.object(request.content().array())).knowing(KNOWN);
        TextInputs inputs = TextInputs.withPairs("inputs", fields.required("inputs"), maxClientBatchSize);
        boolean raw = fields.flag("raw_scores", false);
        return exchange.ask(model, inputs.rows(), Truncation.of(fields))
                .thenApply(answers -> exchange.answered(model, answers, json -> {
                    if (inputs.single()) {
                        write(json, model.model().labels(), scores(model, answers.get(0), raw));
                        return;
                    }
                    json.writeStartArray();
                    for (Answered answer : answers) {
                        write(json, model.model().labels(), scores(model, answer, raw));
                    }
                    json.writeEndArray();
                }));
    }

    private static float[] scores(ServedModel model, Answered answer, boolean raw) {
        float[] logits = answer.outputs().logits();
        return raw ? logits : model.model().reading().scores(logits);
    }

    private static void write(JsonGenerator json, List<String> labels, float[] scores) throws IOException {
        json.writeStartArray();
        for (int label : falling(scores)) {
            json.writeStartObject();
            json.writeNumberField("score", scores[label]);
            json.writeStringField("label", labels.get(label));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The numbers of the highest score, the next, and so on; among equal ones the first comes first. */
    static int[] falling(float[] scores) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            int bits = Float.floatToIntBits(scores[i] + 0f); // -0 becomes 0
            int rising = bits ^ (bits >> 31 & Integer.MAX_VALUE); // an int that is in the order of the floats
            keys[i] = (long) ~rising << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        int[] order = new int[scores.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }
}
