package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TransferabilityTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-6);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Recorded by {@code tools/record_transferability.py}. */
    private static JsonNode recorded() throws IOException {
        try (InputStream file = TransferabilityTest.class.getResourceAsStream("/transferability/scores.json")) {
            return MAPPER.readTree(Objects.requireNonNull(file));
        }
    }

    private static float[][] matrix(JsonNode rows) throws IOException {
        return MAPPER.treeToValue(rows, float[][].class);
    }

    private static int[] labels(JsonNode fitted) throws IOException {
        return MAPPER.treeToValue(fitted.get("labels"), int[].class);
    }

    @Test
    void theScoresAreThoseOfTheirPapers() throws IOException {
        JsonNode cases = recorded();
        assertThat(cases).hasSize(3);
        for (JsonNode each : cases) {
            int classes = each.get("classes").intValue();
            float[][] features = matrix(each.get("features"));
            assertThat(Transferability.logMe(features, labels(each), classes))
                    .isCloseTo(each.get("log_me").doubleValue(), ROUNDING);
            assertThat(Transferability.hScore(features, labels(each), classes))
                    .isCloseTo(each.get("h_score").doubleValue(), ROUNDING);
            assertThat(Transferability.leep(matrix(each.get("source")), labels(each), classes))
                    .isCloseTo(each.get("leep").doubleValue(), ROUNDING);
        }
    }

    /** Features whose first column tells the label, against ones of which none does. */
    @Test
    void whatTellsTheClassesApartScoresHigher() {
        int[] labels = new int[60];
        float[][] telling = new float[60][3];
        float[][] silent = new float[60][3];
        var random = new java.util.Random(4);
        for (int row = 0; row < labels.length; row++) {
            labels[row] = row % 2;
            for (int j = 0; j < 3; j++) {
                silent[row][j] = (float) random.nextGaussian();
                telling[row][j] = silent[row][j] + (j == 0 ? 4 * labels[row] : 0);
            }
        }
        assertThat(Transferability.logMe(telling, labels, 2)).isGreaterThan(Transferability.logMe(silent, labels, 2));
        assertThat(Transferability.hScore(telling, labels, 2)).isGreaterThan(Transferability.hScore(silent, labels, 2));
    }

    @Test
    void aColumnOfNothingChangesNoHScore() {
        float[][] features = {{1, 0, 2}, {2, 0, 1}, {5, 0, 1}, {6, 0, 3}};
        float[][] without = {{1, 2}, {2, 1}, {5, 1}, {6, 3}};
        int[] labels = {0, 0, 1, 1};
        assertThat(Transferability.hScore(features, labels, 2))
                .isCloseTo(Transferability.hScore(without, labels, 2), ROUNDING);
    }

    @Test
    void aSourceThatKnowsTheLabelsHasALeepOfNothing() {
        float[][] source = {{1, 0}, {0, 1}, {1, 0}};
        assertThat(Transferability.leep(source, new int[] {1, 0, 1}, 2)).isCloseTo(0, ROUNDING);
        assertThat(Transferability.leep(source, new int[] {1, 0, 0}, 2)).isNegative();
    }

    @Test
    void eigenvectorsGiveTheMatrixBack() {
        double[][] matrix = {{4, 1, 0.5}, {1, 3, -1}, {0.5, -1, 2}};
        Spectrum spectrum = Spectrum.of(new double[][] {{4, 1, 0.5}, {1, 3, -1}, {0.5, -1, 2}});
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += spectrum.values()[k] * spectrum.vectors()[k][i] * spectrum.vectors()[k][j];
                }
                assertThat(sum).isCloseTo(matrix[i][j], ROUNDING);
            }
        }
    }
}
