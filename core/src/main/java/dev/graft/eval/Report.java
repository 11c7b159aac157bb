package dev.graft.eval;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A training run as one self-contained page: no scripts, no fonts, no network; light or dark as the reader's system. */
public final class Report {
    private final Markup page = new Markup();
    private final ReportTables tables = new ReportTables(page);
    private final ReportData data;

    private Report(ReportData data) {
        this.data = data;
    }

    /** The page as HTML; whatever comes from the user's data is escaped. */
    public static String html(ReportData data) {
        return new Report(data).write();
    }

    /**
     * The page of a model that no rows were there to score.
     *
     * @param headline says so
     * @param labels each with its words
     */
    public static String unscored(String title, String headline, Map<String, String> labels) {
        Markup page = new Markup();
        begin(page, title, headline);
        page.raw("\n").open("section").leaf("h2", "Labels");
        new ReportTables(page).pairs(labels);
        return page.close().close().close().raw("</html>\n").finish();
    }

    private static void begin(Markup page, String title, String headline) {
        page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"color-scheme\" content=\"light dark\">");
        page.leaf("title", title + " - Graft report");
        page.raw("<style>" + style() + "</style></head>\n");
        page.open("body")
                .open("main")
                .leaf("p", "Graft report", "class", "kicker")
                .leaf("h1", title);
        page.leaf("p", headline, "class", "headline");
    }

    private String write() {
        begin(page, data.title(), data.sheet().headline());
        warnings();
        scores();
        controls();
        race();
        learning();
        classes();
        worstErrors();
        if (!data.provenance().isEmpty()) {
            section("Provenance", "", () -> tables.pairs(data.provenance()));
        }
        page.close().close();
        return page.raw("</html>\n").finish();
    }

    private String metric() {
        return Metric.primary(data.sheet().scores()).name();
    }

    /** What there is to tell of classes, of which a regression has none and labels that go together no confusions. */
    private void classes() {
        Scores scores = data.sheet().scores();
        if (scores.perClass().isEmpty()) {
            return;
        }
        if (!scores.calibration().isEmpty()) {
            section(
                    "Confusions",
                    "Expected classes down, predicted classes across; the stronger the colour, the greater the share of"
                            + " the expected class's rows. Point at a cell to read it.",
                    this::confusions);
            section(
                    "Calibration",
                    "On the dashed line, answers are right as often as they are confident.",
                    () -> CalibrationPlot.draw(page, scores.calibration()));
        }
        section("Classes", "The worst first.", () -> tables.classes(scores.perClass()));
    }

    private void warnings() {
        if (!data.warnings().isEmpty()) {
            page.open("ul", "class", "warnings");
            data.warnings().forEach(warning -> page.leaf("li", warning));
            page.close();
        }
    }

    private void scores() {
        int rows = data.sheet().scores().rows();
        section(
                "Scores",
                "On " + rows + (rows == 1 ? " row" : " rows") + "; below each value its 95 % interval"
                        + " (percentile bootstrap, " + Bootstrap.RESAMPLES + " resamples).",
                () -> tables.scores(data.sheet()));
    }

    private void controls() {
        if (!data.sheet().controls().isEmpty()) {
            section(
                    "Transfer",
                    "What the pretrained weights and their tuning were worth, beside cheaper ways to the same answers.",
                    () -> tables.controls(data.sheet().controls(), metric()));
        }
    }

    private void race() {
        List<Lap> laps = data.sheet().race();
        if (!laps.isEmpty()) {
            section(
                    "Race",
                    "The ways to fine-tune that were tried on a part of the training rows, judged by others of them; point"
                            + " at a dot to read how much was learned there.",
                    () -> {
                        RacePlot.draw(page, laps);
                        tables.race(laps, metric());
                        page.leaf("p", "What was known of the rows before:");
                        tables.pairs(shown(data.sheet().prospects()));
                    });
        }
    }

    private static Map<String, String> shown(Map<String, Double> prospects) {
        Map<String, String> shown = new LinkedHashMap<>();
        prospects.forEach((name, value) -> shown.put(name, String.format(Locale.ROOT, "%.3f", value)));
        return shown;
    }

    private void learning() {
        if (data.history().isEmpty()) {
            return;
        }
        section("Learning", "", () -> {
            page.open("div", "class", "plots");
            CurvePlot.draw(page, "training loss", data.history(), HistoryRow::trainLoss);
            CurvePlot.draw(page, "validation " + data.validationMetric(), data.history(), HistoryRow::validationScore);
            CurvePlot.draw(page, "learning rate", data.history(), HistoryRow::rate);
            page.close();
            tables.history(data.history(), data.validationMetric());
            page.open("details")
                    .leaf("summary", "Policy")
                    .leaf("pre", data.policy())
                    .close();
        });
    }

    private void confusions() {
        Scores scores = data.sheet().scores();
        ConfusionPlot.draw(page, scores);
        if (scores.confusions().isEmpty()) {
            page.leaf("p", "No row was answered wrongly.");
        } else if (scores.perClass().size() > 2) {
            page.leaf("h3", "Confused most often");
            tables.confusions(scores);
        }
    }

    private void worstErrors() {
        if (!data.worstErrors().isEmpty()) {
            section(
                    "Worst errors",
                    "The wrong answers given with the most confidence: a wrong label in the data shows here first.",
                    () -> tables.worstErrors(data.worstErrors()));
        }
    }

    private void section(String title, String note, Runnable content) {
        page.raw("\n").open("section").leaf("h2", title);
        if (!note.isEmpty()) {
            page.leaf("p", note, "class", "note");
        }
        content.run();
        page.close();
    }

    /** The style sheet of every page of Graft. */
    public static String style() {
        try (var file = Report.class.getResourceAsStream("report.css")) {
            if (file == null) {
                throw new GraftException("report.css is missing from Graft's own jar; build Graft again");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new GraftException("Cannot read report.css from Graft's own jar: " + e.getMessage(), e);
        }
    }
}
