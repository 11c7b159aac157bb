package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.Digest;
import dev.graft.bundle.Bundle;
import dev.graft.data.Example;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle answers here as it answers in Python, by what {@code tools/check_bundle.py} recorded of it. */
@Tag("slow")
class PythonAgreementTest {
    /** Batches are padded here and not there, and the versions of ONNX Runtime may differ. */
    private static final float ROUNDING = 1e-4f;

    private static final int ROWS = 100;

    @TempDir
    static Path folder;

    private static Path bundle;

    @BeforeAll
    static void writeTheBundle() {
        bundle = folder.resolve("bundle");
        FixedBundle.write(bundle);
    }

    private static JsonNode recorded() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(PythonAgreementTest.class.getResourceAsStream("/python/support.json"))) {
            return new ObjectMapper().readTree(file);
        }
    }

    @Test
    void theModelIsTheOneThatPythonRan() throws IOException {
        assertThat(Digest.of(bundle.resolve(Bundle.MODEL)))
                .isEqualTo(recorded().get("model").asText());
    }

    @Test
    void theTextsAreTheFirstOfTheExample() throws IOException {
        List<String> first = FixedBundle.task().examples().stream()
                .limit(ROWS)
                .map(Example::text)
                .toList();
        assertThat(texts()).hasSize(ROWS).isEqualTo(first);
    }

    @Test
    void labelsAndLogitsAreThoseOfPython() throws IOException {
        List<String> texts = texts();
        JsonNode rows = recorded().get("rows");
        try (Predictor predictor = Predictor.open(bundle)) {
            List<float[]> logits = predictor.logits(texts.iterator()).toList();
            List<Answer> answers = predictor.predict(texts);
            for (int row = 0; row < ROWS; row++) {
                assertThat(logits.get(row))
                        .as(texts.get(row))
                        .containsExactly(floats(rows.get(row).get("logits")), within(ROUNDING));
                assertThat(answers.get(row).label())
                        .as(texts.get(row))
                        .isEqualTo(rows.get(row).get("label").asText());
            }
        }
    }

    @Test
    void theLabelsDiffer() throws IOException {
        List<String> labels = new ArrayList<>();
        recorded().get("rows").forEach(row -> labels.add(row.get("label").asText()));
        assertThat(labels.stream().distinct().count()).isGreaterThan(2);
    }

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        recorded().get("rows").forEach(row -> texts.add(row.get("text").asText()));
        return texts;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }
}
