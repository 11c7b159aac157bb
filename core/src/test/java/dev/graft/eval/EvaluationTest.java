package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
    /** scikit-learn averages probabilities in single precision. */
    private static final double SINGLE_PRECISION = 1e-6;
    /** Two bootstraps with different draws: a fifth of the intervals' width on the recorded cases. */
    private static final double OTHER_DRAWS = 0.03;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "binary",
                "unbalanced",
                "twelve",
                "seventy_seven",
                "perfect",
                "all_wrong",
                "one_answer",
                "ties",
                "one_row"
            })
    void agreesWithScikitLearn(String name) {
        MetricsCase recorded = MetricsCase.read(name);

        Scores scores = Evaluation.of(recorded.predictions(), 42);

        overall(scores)
                .forEach((metric, estimate) -> assertThat(estimate.value())
                        .as(metric)
                        .isEqualTo(recorded.score(metric), within(SINGLE_PRECISION)));
        assertThat(column(scores, "precision"))
                .containsExactly(recorded.numbers("precision"), within(SINGLE_PRECISION));
        assertThat(column(scores, "recall")).containsExactly(recorded.numbers("recall"), within(SINGLE_PRECISION));
        assertThat(column(scores, "f1")).containsExactly(recorded.numbers("f1"), within(SINGLE_PRECISION));
        assertThat(column(scores, "support")).containsExactly(recorded.numbers("support"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "unbalanced", "twelve", "seventy_seven", "one_answer", "one_row"})
    void fillsTheBinsOfScikitLearnsCalibrationCurve(String name) {
        MetricsCase recorded = MetricsCase.read(name);

        List<CalibrationBin> bins = Evaluation.of(recorded.predictions(), 42).calibration();

        assertThat(bins.stream().mapToDouble(CalibrationBin::rows).toArray())
                .containsExactly(recorded.numbers("bin_rows"));
        List<CalibrationBin> filled =
                bins.stream().filter(bin -> bin.rows() > 0).toList();
        assertThat(filled.stream().mapToDouble(CalibrationBin::accuracy).toArray())
                .containsExactly(recorded.numbers("bin_accuracy"), within(SINGLE_PRECISION));
        assertThat(filled.stream().mapToDouble(CalibrationBin::confidence).toArray())
                .containsExactly(recorded.numbers("bin_confidence"), within(SINGLE_PRECISION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "twelve"})
    void intervalsAreSciPysPercentileBootstrap(String name) {
        MetricsCase recorded = MetricsCase.read(name);

        overall(Evaluation.of(recorded.predictions(), 42)).forEach((metric, estimate) -> {
            var interval = recorded.json().get("intervals").get(metric);
            double low = Math.min(interval.get(0).asDouble(), recorded.score(metric));
            double high = Math.max(interval.get(1).asDouble(), recorded.score(metric));
            assertThat(estimate.low()).as(metric).isEqualTo(low, within(OTHER_DRAWS));
            assertThat(estimate.high()).as(metric).isEqualTo(high, within(OTHER_DRAWS));
        });
    }

    @Test
    void theSeedDecidesTheIntervals() {
        Predictions predictions = MetricsCase.read("twelve").predictions();

        assertThat(Evaluation.of(predictions, 1)).isEqualTo(Evaluation.of(predictions, 1));
        assertThat(Evaluation.of(predictions, 1).logLoss())
                .isNotEqualTo(Evaluation.of(predictions, 2).logLoss());
    }

    @Test
    void confusionsAreTheMostFrequentFirst() {
        var predictions = new Predictions(List.of("a", "b", "c"), new int[] {0, 0, 1, 1, 1, 2}, new float[][] {
            {0, 1, 0}, {1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 1, 0}, {0, 0, 1}
        });

        assertThat(Evaluation.of(predictions, 42).confusions())
                .containsExactly(new Confusion("b", "c", 2), new Confusion("a", "b", 1));
    }

    @Test
    void scoresKeepTheirValuesInJson() throws Exception {
        Scores scores = Evaluation.of(MetricsCase.read("binary").predictions(), 42);
        var mapper = new ObjectMapper();

        String json = mapper.writeValueAsString(scores);

        assertThat(json).contains("\"macro_f1\":{\"value\":", "\"log_loss\"", "\"calibration_error\"", "\"per_class\"");
        assertThat(mapper.readValue(json, Scores.class)).isEqualTo(scores);
    }

    @Test
    void tenThousandRowsOfManyClassesTakeUnderTwoSeconds() {
        var random = new Random(42);
        int classes = 150;
        int[] expected = random.ints(10_000, 0, classes).toArray();
        float[][] probabilities = new float[expected.length][classes];
        for (int row = 0; row < expected.length; row++) {
            probabilities[row][expected[row]] = 0.5f;
            probabilities[row][random.nextInt(classes)] += 0.5f;
        }
        var labels = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        var predictions = new Predictions(labels, expected, probabilities);

        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Evaluation.of(predictions, 42);

        assertThat((threads.getCurrentThreadCpuTime() - start) / 1e9).isLessThan(2);
    }

    private static Map<String, Estimate> overall(Scores scores) {
        return Map.of(
                "accuracy", scores.accuracy(),
                "balanced_accuracy", scores.balancedAccuracy(),
                "macro_f1", scores.macroF1(),
                "weighted_f1", scores.weightedF1(),
                "mcc", scores.mcc(),
                "log_loss", scores.logLoss(),
                "calibration_error", scores.calibrationError());
    }

    private static double[] column(Scores scores, String name) {
        return scores.perClass().stream()
                .mapToDouble(line -> switch (name) {
                    case "precision" -> line.precision();
                    case "recall" -> line.recall();
                    case "f1" -> line.f1();
                    default -> line.support();
                })
                .toArray();
    }
}
