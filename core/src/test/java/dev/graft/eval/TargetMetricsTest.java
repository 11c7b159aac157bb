package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Held against tools/record_targets.py, which asks scikit-learn and SciPy. */
class TargetMetricsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Sums in another order, and probabilities in single precision. */
    private static final double ROUNDING = 1e-6;
    /** Two bootstraps of a thousand resamples or more differ by about so much of the interval's width. */
    private static final double OF_THE_WIDTH = 0.15;
    /** liblinear stops at a tolerance of 0.01. */
    private static final double SOLVER = 5e-3;

    static JsonNode recorded(String name) throws IOException {
        try (var file = TargetMetricsTest.class.getResourceAsStream("/targets/" + name + ".json")) {
            return JSON.readTree(file);
        }
    }

    private static <T> T as(JsonNode node, Class<T> type) {
        return JSON.convertValue(node, type);
    }

    private static LabelPredictions sets(JsonNode json) {
        List<Double> thresholds = List.of(as(json.get("thresholds"), Double[].class));
        return new LabelPredictions(
                List.of("a", "b", "c", "d"),
                as(json.get("expected"), boolean[][].class),
                as(json.get("probabilities"), float[][].class),
                thresholds);
    }

    private static void assertScores(Scores scores, JsonNode json) {
        json.get("scores")
                .properties()
                .forEach(score -> assertThat(scores.metric(score.getKey()).value())
                        .as(score.getKey())
                        .isCloseTo(score.getValue().asDouble(), within(ROUNDING)));
        assertThat(scores.metrics()).hasSameSizeAs(json.get("scores"));
    }

    @Test
    void severalLabelsAreScoredAsScikitLearnDoes() throws IOException {
        JsonNode json = recorded("sets");
        Scores scores = Evaluation.of(sets(json), 42);

        assertScores(scores, json);
        for (int label = 0; label < 4; label++) {
            ClassScores of = scores.perClass().get(label);
            assertThat(of.precision()).isCloseTo(json.at("/precision/" + label).asDouble(), within(ROUNDING));
            assertThat(of.recall()).isCloseTo(json.at("/recall/" + label).asDouble(), within(ROUNDING));
            assertThat(of.f1()).isCloseTo(json.at("/f1/" + label).asDouble(), within(ROUNDING));
            assertThat(of.support()).isEqualTo(json.at("/support/" + label).asInt());
        }
        assertThat(scores.primary()).isEqualTo(scores.metric("micro_f1"));
    }

    @Test
    void orderedLabelsAreScoredAsScikitLearnDoes() throws IOException {
        JsonNode json = recorded("ordered");
        var classes = new Predictions(
                List.of("0", "1", "2", "3", "4"),
                as(json.get("expected"), int[].class),
                as(json.get("probabilities"), float[][].class));
        Scores scores = Evaluation.of(new OrdinalPredictions(classes), 42);

        assertScores(scores, json);
        assertThat(scores.primary()).isEqualTo(scores.metric("quadratic_weighted_kappa"));
        assertThat(scores.confusions()).isEqualTo(Evaluation.of(classes, 42).confusions());
    }

    @Test
    void numbersAreScoredAsScikitLearnAndSciPyDo() throws IOException {
        JsonNode json = recorded("numbers");
        Scores scores = Evaluation.of(
                new NumberPredictions(
                        as(json.get("expected"), double[].class), as(json.get("predicted"), double[].class)),
                42);

        assertScores(scores, json);
        json.get("intervals").properties().forEach(interval -> {
            Estimate estimate = scores.metric(interval.getKey());
            double low = interval.getValue().get(0).asDouble();
            double high = interval.getValue().get(1).asDouble();
            assertThat(estimate.low()).as(interval.getKey()).isCloseTo(low, within(OF_THE_WIDTH * (high - low)));
            assertThat(estimate.high()).as(interval.getKey()).isCloseTo(high, within(OF_THE_WIDTH * (high - low)));
        });
    }

    @Test
    void whatIsConstantHasNoCorrelationAndNothingExplained() {
        var constant = new NumberPredictions(new double[] {2, 2, 2}, new double[] {1, 2, 3});
        Scores scores = Evaluation.of(constant, 42);

        assertThat(scores.metric("pearson").value()).isZero();
        assertThat(scores.metric("spearman").value()).isZero();
        assertThat(scores.metric("r2").value()).isZero();
        assertThat(new NumberPredictions(new double[] {2, 2}, new double[] {2, 2}).primary())
                .isEqualTo(1);
    }

    @Test
    void oneClassAnsweredRightIsFullAgreement() {
        var classes = new Predictions(List.of("a", "b"), new int[] {0, 0}, new float[][] {{1, 0}, {1, 0}});

        assertThat(new OrdinalPredictions(classes).primary()).isEqualTo(1);
    }

    @Test
    void thresholdsAreThoseOfTheHighestF1() {
        float[][] probabilities = {{0.9f, 0.1f}, {0.3f, 0.2f}, {0.2f, 0.3f}, {0.1f, 0.4f}};
        boolean[][] expected = {{true, false}, {true, false}, {false, false}, {false, false}};

        List<Double> thresholds = Thresholds.tuned(probabilities, expected, 2);

        assertThat(thresholds.get(0)).isCloseTo(0.25, within(ROUNDING));
        assertThat(thresholds.get(1)).as("a label that no row has").isEqualTo(Thresholds.HALF);
    }

    @Test
    void tunedThresholdsAreAtLeastAsGoodAsAnyOther() throws IOException {
        LabelPredictions half = sets(recorded("sets"));
        List<Double> tuned = Thresholds.tuned(half.probabilities(), half.expected(), 4);
        double best = macro(half, tuned);

        for (double threshold = 0.05; threshold < 1; threshold += 0.05) {
            double each = threshold;
            List<Double> same = IntStream.range(0, 4).mapToObj(i -> each).toList();
            assertThat(macro(half, same)).isLessThanOrEqualTo(best + ROUNDING);
        }
    }

    private static double macro(LabelPredictions rows, List<Double> thresholds) {
        var with = new LabelPredictions(rows.labels(), rows.expected(), rows.probabilities(), thresholds);
        return Evaluation.of(with, 42).macroF1().value();
    }

    @Test
    void aBetterModelIsClearlyBetterInItsOwnMetric() throws IOException {
        JsonNode json = recorded("numbers");
        double[] expected = as(json.get("expected"), double[].class);
        var right = new NumberPredictions(expected, expected.clone());
        var off = new NumberPredictions(expected, as(json.get("predicted"), double[].class));

        Comparison comparison = Comparison.paired(right, off, 42);

        assertThat(comparison.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(comparison.difference().value()).isCloseTo(1 - off.primary(), within(ROUNDING));
        assertThat(comparison.onlySecond()).isZero();
        assertThatThrownBy(
                        () -> Comparison.paired(right, new NumberPredictions(new double[] {1}, new double[] {1}), 42))
                .hasMessageContaining("not about the same rows");
    }

    @Test
    void theWorstAreTheFurthestOff() {
        var numbers = new NumberPredictions(new double[] {1, 2, 3}, new double[] {1, 4.5, 2});

        assertThat(numbers.worst(List.of("x", "y", "z"), 5))
                .extracting(error -> error.text() + " " + error.expected() + " " + error.predicted())
                .containsExactly("y 2 4.5", "z 3 2");
        var sets = new LabelPredictions(
                List.of("a", "b"),
                new boolean[][] {{true, true}, {false, false}},
                new float[][] {{0.4f, 0.9f}, {0.1f, 0.8f}},
                Thresholds.halves(2));
        assertThat(sets.worst(List.of("x", "y"), 5))
                .extracting(error -> error.text() + ": " + error.predicted() + " not " + error.expected())
                .containsExactly("y: b not (none)", "x: b not a; b");
    }

    @Test
    void baselinesAreScikitLearns() throws IOException {
        JsonNode json = recorded("baselines");
        List<String> texts = List.of(as(json.get("texts"), String[].class));
        List<String> unseen = List.of(as(json.get("unseen"), String[].class));

        float[][] said =
                NgramLabels.fit(texts, as(json.get("has"), boolean[][].class)).probabilities(unseen);
        double[] numbers =
                NgramRidge.fit(texts, as(json.get("numbers"), double[].class)).numbers(unseen);

        for (int row = 0; row < unseen.size(); row++) {
            assertThat(numbers[row]).isCloseTo(json.at("/ridge/" + row).asDouble(), within(SOLVER));
            for (int label = 0; label < said[row].length; label++) {
                assertThat((double) said[row][label])
                        .isCloseTo(
                                json.at("/probabilities/" + row + "/" + label).asDouble(), within(SOLVER));
            }
        }
    }

    @Test
    void theHeadlineNamesTheMetric() throws IOException {
        LabelPredictions sets = sets(recorded("sets"));
        ScoreSheet sheet = ScoreSheet.of(sets, java.util.Map.of("same", sets), 42);

        assertThat(sheet.headline()).contains("a micro F1 of 0.").contains("does not beat the baseline (same, 0.");
        assertThat(ScoresText.overview(sheet)).contains("Hamming loss", "average precision");
    }
}
