package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlotsTest {
    private static final Pattern BOX =
            Pattern.compile("x=\"(-?[0-9.]+)\" y=\"(-?[0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\"");

    @ParameterizedTest
    @ValueSource(ints = {2, 12, 25, 26, 150})
    void everyCellOfTheMatrixLiesOnItsGround(int classes) {
        Scores scores = ReportSample.of(classes, 500, 0).sheet().scores();

        List<double[]> boxes = boxes(drawn(page -> ConfusionPlot.draw(page, scores)));

        double edge = boxes.get(0)[2];
        assertThat(boxes).hasSizeGreaterThan(classes / 2).allSatisfy(box -> {
            assertThat(box[0]).isBetween(0.0, edge);
            assertThat(box[1]).isBetween(0.0, edge);
            assertThat(box[0] + box[2]).isLessThanOrEqualTo(edge + 0.01);
        });
    }

    @Test
    void fewClassesAreNamedAndManyAreNot() {
        assertThat(drawn(page -> ConfusionPlot.draw(page, scores(25)))).contains("rotate(-45)");
        assertThat(drawn(page -> ConfusionPlot.draw(page, scores(26)))).doesNotContain("rotate(-45)", "<text");
    }

    @Test
    void theMatrixPutsTheExpectedClassDownAndThePredictedAcross() {
        var predictions = new Predictions(List.of("a", "b"), new int[] {0, 1}, new float[][] {{0, 1}, {0, 1}});

        List<double[]> boxes = boxes(drawn(page -> ConfusionPlot.draw(page, Evaluation.of(predictions, 42))));

        // The ground, the right answer at the lower right, the row of a taken for b at the upper right.
        assertThat(boxes.get(1)).startsWith(64, 64);
        assertThat(boxes.get(2)).startsWith(64, 0);
    }

    @Test
    void longNamesAreShortenedInThePictureAndWholeInTheTitle() {
        String label = "x".repeat(100);
        var predictions = new Predictions(List.of(label, "b"), new int[] {0}, new float[][] {{1, 0}});

        String svg = drawn(page -> ConfusionPlot.draw(page, Evaluation.of(predictions, 42)));

        assertThat(svg).contains("<title>" + label + " recognised: 1 of 1").contains(">" + "x".repeat(25) + "…</text>");
    }

    @Test
    void confusionsOfUnknownClassesAreRefused() {
        Scores scores = scores(2);
        var broken = new Scores(
                scores.rows(),
                scores.metrics(),
                scores.perClass(),
                List.of(new Confusion("other", "another", 1)),
                scores.calibration());

        assertThatThrownBy(() -> drawn(page -> ConfusionPlot.draw(page, broken)))
                .hasMessageContaining("name the class 'other', which has no scores");
    }

    @Test
    void theReliabilityDiagramShowsTheFilledBins() {
        List<CalibrationBin> bins = IntStream.range(0, 15)
                .mapToObj(i -> new CalibrationBin(i / 15.0, (i + 1) / 15.0, i < 10 ? 0 : i, i / 15.0, 0.5))
                .toList();

        String svg = drawn(page -> CalibrationPlot.draw(page, bins));

        assertThat(svg.split("<circle")).hasSize(6);
        assertThat(svg).contains("confidence 0.67 to 0.73: 10 rows, mean confidence 0.667, accuracy 0.500");
    }

    @Test
    void aCurveRisesWhereItsValuesRise() {
        var history = List.of(new HistoryRow(1, "a", 1, 0.2, 0, 0), new HistoryRow(2, "a", 0.5, 0.8, 0, 0));

        String svg = drawn(page -> CurvePlot.draw(page, "score", history, HistoryRow::validationScore));

        // In SVG greater y is further down.
        assertThat(svg).contains("points=\"52,164 316,12\"");
    }

    private static Scores scores(int classes) {
        return ReportSample.of(classes, 100, 0).sheet().scores();
    }

    private static String drawn(Consumer<Markup> plot) {
        var page = new Markup();
        plot.accept(page);
        return page.finish();
    }

    private static List<double[]> boxes(String svg) {
        var boxes = new ArrayList<double[]>();
        var matcher = BOX.matcher(svg);
        while (matcher.find()) {
            boxes.add(IntStream.rangeClosed(1, 4)
                    .mapToDouble(i -> Double.parseDouble(matcher.group(i)))
                    .toArray());
        }
        return boxes;
    }
}
