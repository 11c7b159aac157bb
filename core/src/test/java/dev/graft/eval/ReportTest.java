package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
    private static final String HOSTILE = "<script>alert('x')</script>\" onload=\"alert(1) & \u0000";

    @ParameterizedTest
    @CsvSource({"2,50", "12,200", "77,1000", "150,3000"})
    void isOneWellFormedPageForAnyNumberOfClasses(int classes, int rows) throws Exception {
        String html = Report.html(ReportSample.of(classes, rows, 5));

        Document body = body(html);
        assertThat(texts(body, "h2"))
                .containsExactly(
                        "Scores", "Learning", "Confusions", "Calibration", "Classes", "Worst errors", "Provenance");
        assertThat(html).startsWith("<!DOCTYPE html>").endsWith("</html>\n").doesNotContain("NaN", "Infinity");
    }

    @Test
    void loadsNothing() {
        assertThat(Report.html(ReportSample.of(12, 200, 5)))
                .doesNotContain("<script", "<link", "<img", "@import", "http:", "https:", "src=", "url(");
    }

    @Test
    void whatTheUserWroteIsShownAndNotObeyed() throws Exception {
        var predictions =
                new Predictions(List.of(HOSTILE, "b", "c"), new int[] {0, 1}, new float[][] {{0, 1, 0}, {1, 0, 0}});
        var data = new ReportData(
                HOSTILE,
                ScoreSheet.of(predictions, Map.of(HOSTILE, predictions), 42),
                HOSTILE,
                List.of(new HistoryRow(1, HOSTILE, 1, 0.5, 1e-4, 2)),
                WrongAnswer.worst(predictions, List.of(HOSTILE, HOSTILE), 10),
                HOSTILE,
                Map.of(HOSTILE, HOSTILE),
                List.of(HOSTILE));

        String html = Report.html(data);

        assertThat(html).doesNotContain("<script", "\" onload=\"").doesNotContain("\u0000");
        assertThat(texts(body(html), "h1")).containsExactly(HOSTILE.replace('\u0000', '\uFFFD'));
    }

    @Test
    void theHeadlineStandsFirst() throws Exception {
        ReportData data = ReportSample.of(12, 200, 5);

        assertThat(texts(body(Report.html(data)), "p").get(1))
                .isEqualTo(data.sheet().headline());
    }

    @Test
    void everyScoreStandsBesideItsBaselines() throws Exception {
        ReportData data = ReportSample.of(12, 200, 5);

        List<String> rows = texts(body(Report.html(data)), "tr");

        assertThat(rows.get(0)).contains("tuned model", "majority class", "n-grams + logistic regression");
        assertThat(rows.get(1))
                .startsWith("accuracy")
                .contains(Metric.number(data.sheet().scores().accuracy().value()))
                .contains(Metric.interval(data.sheet().scores().accuracy()));
    }

    @Test
    void everyConfusionHasItsCell() throws Exception {
        Scores scores = ReportSample.of(77, 1000, 1).sheet().scores();

        List<String> titles = texts(body(Report.html(ReportSample.of(77, 1000, 1))), "title");

        for (Confusion pair : scores.confusions()) {
            assertThat(titles)
                    .anyMatch(title -> title.startsWith(
                            pair.expected() + " taken for " + pair.predicted() + ": " + pair.count() + " of"));
        }
    }

    @Test
    void anEvaluationWithoutTrainingLeavesLearningOut() throws Exception {
        assertThat(texts(body(Report.html(ReportSample.of(2, 50, 0))), "h2")).doesNotContain("Learning");
    }

    @Test
    void aSingleEpochIsADot() throws Exception {
        assertThat(texts(body(Report.html(ReportSample.of(2, 50, 1))), "title")).contains("epoch 1: 2.500");
    }

    @Test
    void lossesThatAreNotNumbersAreLeftOutOfTheCurve() throws Exception {
        var page = new Markup();

        CurvePlot.draw(
                page,
                "loss",
                List.of(new HistoryRow(1, "a", Double.NaN, 0, 0, 0), new HistoryRow(2, "a", 0.5, 0, 0, 0)),
                HistoryRow::trainLoss);

        assertThat(page.finish()).contains("epoch 2").doesNotContain("NaN", "epoch 1");
    }

    @Test
    void aManyClassesReportStaysSmall() {
        assertThat(Report.html(ReportSample.of(150, 3000, 10)).length()).isLessThan(500_000);
    }

    private static Document body(String html) throws Exception {
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    private static List<String> texts(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
