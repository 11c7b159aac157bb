package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features of an untuned trunk are its embeddings, by what {@code tools/record_features.py} recorded of them. */
@Tag("slow")
class FeaturesAgreementTest {
    /** Another runtime, and rows padded to the longest of their batch. */
    private static final float ROUNDING = 1e-5f;

    @TempDir
    Path folder;

    @Test
    void normalizedFeaturesAreSentenceTransformersEmbeddings() throws IOException {
        Path bundle = folder.resolve("bundle");
        FixedBundle.write(bundle);
        List<String> texts = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode row : recorded().get("rows")) {
            texts.add(row.get("text").asText());
            vectors.add(floats(row.get("vector")));
        }
        try (TextModel model = TextModel.open(bundle, PredictorSettings.DEFAULT.forServing())) {
            assertThat(model.givesFeatures()).isTrue();
            List<Outputs> outputs = model.compute(model.encode(texts));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(normalized(outputs.get(i).features()))
                        .as(texts.get(i))
                        .containsExactly(vectors.get(i), within(ROUNDING));
            }
        }
    }

    private static JsonNode recorded() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(FeaturesAgreementTest.class.getResourceAsStream("/python/features.json"))) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static float[] normalized(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        float[] normalized = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalized[i] = (float) (vector[i] / Math.sqrt(sum));
        }
        return normalized;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }
}
