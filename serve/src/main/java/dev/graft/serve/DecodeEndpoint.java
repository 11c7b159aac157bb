package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /decode}: token ids to texts.
 *
 * <p>Source: the OpenAPI description of Hugging Face's text-embeddings-inference 1.9.
 */
record DecodeEndpoint(int maxClientBatchSize) implements ModelService.Endpoint {
    private static final Set<String> KNOWN = Set.of("ids", "skip_special_tokens");

    @Override
    public CompletionStage<HttpResponse> answer(Exchange exchange, ServedModel model, AggregatedHttpRequest request)
            throws IOException {
        Fields fields = new Fields(JsonBody.object(request.content().array())).knowing(KNOWN);
        List<int[]> rows = rows(fields.required("ids"), model.model().vocabularySize());
        boolean skip = fields.flag("skip_special_tokens", true);
        List<String> texts =
                rows.stream().map(ids -> model.model().decode(ids, skip)).toList();
        return CompletableFuture.completedFuture(exchange.told(model, json -> {
            json.writeStartArray();
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
        }));
    }

    private List<int[]> rows(JsonNode ids, int vocabularySize) {
        if (!ids.isArray() || ids.isEmpty()) {
            throw Problem.invalid("`ids` must be a list of token ids, or a list of such lists");
        }
        if (!ids.get(0).isArray()) {
            return List.of(row(ids, vocabularySize));
        }
        if (ids.size() > maxClientBatchSize) {
            throw new Problem(
                    Problem.Type.TOO_LARGE,
                    "batch size " + ids.size() + " > maximum allowed batch size " + maxClientBatchSize
                            + "; ask in several requests, or raise --max-client-batch-size");
        }
        var rows = new ArrayList<int[]>(ids.size());
        ids.forEach(row -> rows.add(row(row, vocabularySize)));
        return rows;
    }

    private static int[] row(JsonNode ids, int vocabularySize) {
        if (!ids.isArray()) {
            throw Problem.invalid("`ids` must hold lists of token ids, not " + Fields.kind(ids));
        }
        int[] row = new int[ids.size()];
        for (int i = 0; i < row.length; i++) {
            JsonNode id = ids.get(i);
            if (!id.isIntegralNumber()
                    || !id.canConvertToInt()
                    || id.intValue() < 0
                    || id.intValue() >= vocabularySize) {
                throw Problem.invalid("`ids` must hold whole numbers from 0 to " + (vocabularySize - 1));
            }
            row[i] = id.intValue();
        }
        return row;
    }
}
