package dev.graft.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;

/** A recording of tools/record_metrics.py. */
record MetricsCase(JsonNode json) {

    static MetricsCase read(String name) {
        try (var file = MetricsCase.class.getResourceAsStream("/metrics/" + name + ".json")) {
            return new MetricsCase(new ObjectMapper().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Predictions predictions() {
        var mapper = new ObjectMapper();
        var labels = IntStream.range(0, json.get("classes").asInt())
                .mapToObj(i -> "class " + i)
                .toList();
        return new Predictions(
                labels,
                mapper.convertValue(json.get("expected"), int[].class),
                mapper.convertValue(json.get("probabilities"), float[][].class));
    }

    double score(String name) {
        return json.get("scores").get(name).asDouble();
    }

    double[] numbers(String name) {
        return new ObjectMapper().convertValue(json.get(name), double[].class);
    }
}
