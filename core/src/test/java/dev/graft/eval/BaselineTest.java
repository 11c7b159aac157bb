package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTest {
    /** scikit-learn's solver stops at a hundredth of this one's tolerance. */
    private static final double SOLVER = 0.01;

    private static final double ROUNDING = 1e-6;

    private final MetricsCase recorded = MetricsCase.read("ngrams");
    private final List<String> texts = strings("texts");
    private final List<String> unseen = strings("unseen");
    private final int[] labels = new ObjectMapper().convertValue(recorded.json().get("labels"), int[].class);

    @Test
    void termsAreThoseOfScikitLearnsAnalyzer() {
        for (int i = 0; i < unseen.size(); i++) {
            var terms = recorded.json().get("analyzed").get(i);
            assertThat(Terms.of(unseen.get(i))).isEqualTo(list(terms));
        }
    }

    @Test
    void vectorsAreThoseOfScikitLearnsTfIdf() {
        TfIdf features = TfIdf.fit(texts, 1000);

        assertThat(features.size()).isEqualTo(recorded.json().get("terms").asInt());
        for (int i = 0; i < unseen.size(); i++) {
            var vector = recorded.json().get("vectors").get(i);
            double[] weights = new double[vector.size()];
            int filled = 0;
            for (var weight : vector) {
                weights[filled++] = weight.asDouble();
            }
            double[] ours = Arrays.stream(features.vector(unseen.get(i)))
                    .limit(weights.length)
                    .mapToDouble(feature -> feature.getValue())
                    .sorted()
                    .toArray();
            Arrays.sort(weights);
            assertThat(ours).containsExactly(weights, within(ROUNDING));
        }
    }

    @Test
    void probabilitiesAreThoseOfScikitLearnsLogisticRegression() {
        float[][] ours = NgramBaseline.fit(texts, labels, 3).probabilities(unseen);

        float[][] theirs = new ObjectMapper().convertValue(recorded.json().get("probabilities"), float[][].class);
        for (int i = 0; i < theirs.length; i++) {
            assertThat(ours[i]).as(unseen.get(i)).containsExactly(theirs[i], within((float) SOLVER));
        }
    }

    @Test
    void twoClassesGiveADistributionInTheirOwnOrder() {
        // The first row is of class 1, so liblinear's own order is the reverse.
        float[][] rows = NgramBaseline.fit(List.of("good film", "bad film", "bad plot"), new int[] {1, 0, 0}, 2)
                .probabilities(List.of("good", "bad"));

        assertThat(rows[0][1]).isGreaterThan(rows[1][1]);
        assertThat(rows[0][0] + rows[0][1]).isEqualTo(1f, within((float) ROUNDING));
    }

    @Test
    void aClassWithoutRowsIsNeverAnswered() {
        float[] row = NgramBaseline.fit(texts, labels, 5).probabilities(List.of("my parcel"))[0];

        assertThat(row).hasSize(5);
        assertThat(row[3]).isZero();
        assertThat(row[0] + row[1] + row[2]).isEqualTo(1f, within((float) ROUNDING));
    }

    @Test
    void fittingTwiceGivesTheSameBits() {
        float[][] first = NgramBaseline.fit(texts, labels, 3).probabilities(unseen);

        assertThat(NgramBaseline.fit(texts, labels, 3).probabilities(unseen)).isDeepEqualTo(first);
    }

    @Test
    void textsWithoutAnyWordAreAnsweredByTheClassesShares() {
        float[][] rows =
                NgramBaseline.fit(List.of("!", "?", ""), new int[] {0, 0, 1}, 2).probabilities(List.of("..."));

        assertThat(rows[0][0]).isGreaterThan(rows[0][1]);
    }

    @Test
    void onlyTheMostFrequentTermsAreKeptBeyondTheLimit() {
        TfIdf features = TfIdf.fit(List.of("rare parcel", "late parcel"), 1);

        assertThat(features.size()).isEqualTo(1);
        assertThat(features.vector("parcel")).hasSize(2);
        assertThat(features.vector("rare")).hasSize(1);
    }

    @Test
    void termsOfASingleTextGiveWayWhenTooManyAreCounted() {
        TfIdf features = TfIdf.fit(List.of("late parcel", "late again", "late refund", "late card"), 100, 4);

        assertThat(features.vector("late")).hasSize(2);
        assertThat(features.vector("parcel")).hasSize(1);
    }

    @Test
    void majorityAnswersTheSharesOfTheClasses() {
        float[][] rows = Majority.fit(List.of("a", "b", "c", "d"), new int[] {2, 2, 2, 0}, 3)
                .probabilities(List.of("x", "y"));

        assertThat(rows).isDeepEqualTo(new float[][] {{0.25f, 0, 0.75f}, {0.25f, 0, 0.75f}});
    }

    private List<String> strings(String name) {
        return list(recorded.json().get(name));
    }

    private static List<String> list(JsonNode node) {
        return Arrays.asList(new ObjectMapper().convertValue(node, String[].class));
    }
}
