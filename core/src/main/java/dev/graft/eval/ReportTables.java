package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of a report. */
final class ReportTables {
    private static final int SHOWN = 20;

    private final Markup page;

    ReportTables(Markup page) {
        this.page = page;
    }

    /** The tuned model beside its baselines: a row for each metric. */
    void scores(ScoreSheet sheet) {
        var header = new ArrayList<>(List.of("", "tuned model"));
        header.addAll(sheet.baselines().keySet());
        open(header, 1);
        for (Metric metric : Metric.of(sheet.scores())) {
            page.open("tr").open("th", "scope", "row").text(metric.name());
            page.leaf("small", metric.higherIsBetter() ? " higher is better" : " lower is better")
                    .close();
            estimate(sheet.scores().metric(metric.key()));
            sheet.baselines().values().forEach(scores -> estimate(scores.metric(metric.key())));
            page.close();
        }
        if (!sheet.comparisons().isEmpty()) {
            page.open("tr")
                    .leaf(
                            "th",
                            Metric.primary(sheet.scores()).name() + " of the tuned model less the baseline's",
                            "scope",
                            "row");
            page.leaf("td", "");
            sheet.comparisons().values().forEach(this::difference);
            page.close();
        }
        close();
    }

    /** The tuned model beside each control. */
    void controls(List<Control> controls, String metric) {
        open(List.of("control", "its " + metric, "gain", "what it shows"), 1);
        for (Control control : controls) {
            page.open("tr").leaf("th", control.name(), "scope", "row");
            number(Metric.number(control.accuracy()));
            difference(control.comparison());
            page.leaf("td", control.sentence(), "class", "words").close();
        }
        close();
    }

    /** The laps of a race, in their order. */
    void race(List<Lap> laps, String metric) {
        open(List.of("contender", "rows", "epochs", "seconds", metric, "gain over the head", "ending"), 1);
        for (Lap lap : laps) {
            page.open("tr").leaf("th", lap.contender(), "scope", "row");
            number(Integer.toString(lap.rows()));
            number(Integer.toString(lap.epochs()));
            number(String.format(Locale.ROOT, "%.1f", lap.ended() - lap.began()));
            number(Metric.number(lap.accuracy()));
            page.open("td", "class", "number")
                    .text(String.format(Locale.ROOT, "%+.3f", lap.gain().value()));
            page.leaf("small", Metric.interval(lap.gain()), "class", "below").close();
            page.leaf("td", lap.ending(), "class", "words").close();
        }
        close();
    }

    private void estimate(Estimate estimate) {
        page.open("td", "class", "number").text(Metric.number(estimate.value()));
        page.leaf("small", Metric.interval(estimate), "class", "below").close();
    }

    private void difference(Comparison comparison) {
        Estimate difference = comparison.difference();
        page.open("td", "class", "number").text(String.format(Locale.ROOT, "%+.3f", difference.value()));
        page.leaf("small", Metric.interval(difference), "class", "below").close();
    }

    /** The classes, the worst F1 first; those beyond the first twenty are folded away. */
    void classes(List<ClassScores> classes) {
        List<ClassScores> sorted = classes.stream()
                .sorted(Comparator.comparingDouble(ClassScores::f1))
                .toList();
        classLines(sorted.subList(0, Math.min(SHOWN, sorted.size())));
        if (sorted.size() > SHOWN) {
            page.open("details").leaf("summary", (sorted.size() - SHOWN) + " more classes, all at least as good");
            classLines(sorted.subList(SHOWN, sorted.size()));
            page.close();
        }
    }

    private void classLines(List<ClassScores> classes) {
        open(List.of("class", "F1", "", "precision", "recall", "rows"), 1);
        for (ClassScores line : classes) {
            page.open("tr").leaf("th", line.label(), "scope", "row", "dir", "auto");
            number(Metric.number(line.f1()));
            page.open("td", "class", "bar");
            page.open("span", "style", "width:" + Svg.place(100 * line.f1()) + "%")
                    .close()
                    .close();
            number(Metric.number(line.precision()));
            number(Metric.number(line.recall()));
            number(Integer.toString(line.support()));
            page.close();
        }
        close();
    }

    /** The pairs of classes confused most often. */
    void confusions(Scores scores) {
        open(List.of("expected", "predicted", "rows"), 2);
        scores.confusions().stream().limit(SHOWN).forEach(pair -> {
            page.open("tr").leaf("td", pair.expected(), "dir", "auto").leaf("td", pair.predicted(), "dir", "auto");
            number(Integer.toString(pair.count()));
            page.close();
        });
        close();
    }

    void worstErrors(List<? extends Mistake> errors) {
        boolean numbers = errors.stream().anyMatch(NumberError.class::isInstance);
        open(List.of("text", "expected", "predicted", numbers ? "off by" : "probability"), 3);
        for (Mistake error : errors) {
            page.open("tr").leaf("td", shortened(error.text()), "class", "words", "dir", "auto");
            page.leaf("td", error.expected(), "dir", "auto").leaf("td", error.predicted(), "dir", "auto");
            number(Metric.number(size(error)));
            page.close();
        }
        close();
    }

    private static double size(Mistake mistake) {
        if (mistake instanceof NumberError number) {
            return number.error();
        }
        return ((WrongAnswer) mistake).probability();
    }

    void history(List<HistoryRow> history, String validationMetric) {
        open(List.of("phase", "epoch", "training loss", validationMetric, "highest rate", "seconds"), 1);
        for (HistoryRow row : history) {
            page.open("tr").leaf("td", row.phase());
            number(Integer.toString(row.epoch()));
            number(String.format(Locale.ROOT, "%.4f", row.trainLoss()));
            number(
                    Double.isNaN(row.validationScore())
                            ? "–"
                            : String.format(Locale.ROOT, "%.4f", row.validationScore()));
            number(Axis.label(row.rate()));
            number(String.format(Locale.ROOT, "%.1f", row.seconds()));
            page.close();
        }
        close();
    }

    void pairs(Map<String, String> values) {
        page.open("div", "class", "scroll").open("table").open("tbody");
        values.forEach((name, value) -> page.open("tr")
                .leaf("th", name, "scope", "row")
                .leaf("td", value, "class", "words")
                .close());
        close();
    }

    private void open(List<String> header, int wordColumns) {
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (int i = 0; i < header.size(); i++) {
            page.leaf("th", header.get(i), "scope", "col", "class", i < wordColumns ? "words" : "number");
        }
        page.close().close().open("tbody");
    }

    private void close() {
        page.close().close().close();
    }

    private void number(String value) {
        page.leaf("td", value, "class", "number");
    }

    private static String shortened(String text) {
        return text.length() <= 600 ? text : text.substring(0, 599) + "…";
    }
}
