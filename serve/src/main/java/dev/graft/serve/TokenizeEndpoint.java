package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import dev.graft.data.Token;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /tokenize}: texts to the tokens that the model reads of them, cut as for an answer.
 *
 * <p>Source: the OpenAPI description of Hugging Face's text-embeddings-inference 1.9.
 */
record TokenizeEndpoint(int maxClientBatchSize) implements ModelService.Endpoint {
    private static final Set<String> KNOWN = Set.of("inputs", "add_special_tokens");

    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
            throws IOException {
        Fields fields = new Fields(JsonBody.object(request.content().array())).knowing(KNOWN);
        TextInputs inputs = TextInputs.of(fields.required("inputs"), maxClientBatchSize);
        boolean special = fields.flag("add_special_tokens", true);
        List<List<Token>> tokens = inputs.texts().stream()
                .map(text -> model.model().tokens(text, special))
                .toList();
        return CompletableFuture.completedFuture(exchange.told(model, json -> {
            json.writeStartArray();
            for (int i = 0; i < tokens.size(); i++) {
                write(json, inputs.texts().get(i), tokens.get(i));
            }
            json.writeEndArray();
        }));
    }

    private static void write(JsonGenerator json, String text, List<Token> tokens) throws IOException {
        int[] characters = text.codePoints().toArray();
        json.writeStartArray();
        for (Token token : tokens) {
            json.writeStartObject();
            json.writeNumberField("id", token.id());
            if (token.special()) {
                json.writeStringField("text", token.text());
                json.writeBooleanField("special", true);
                json.writeNullField("start");
                json.writeNullField("stop");
            } else {
                json.writeStringField("text", new String(characters, token.start(), token.stop() - token.start()));
                json.writeBooleanField("special", false);
                json.writeNumberField("start", token.start());
                json.writeNumberField("stop", token.stop());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
