package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Scores as aligned text for a terminal; each line ends with a line feed. */
public final class ScoresText {
    private static final int LONGEST_LABEL = 40;

    private ScoresText() {}

    /** The tuned model beside its baselines: a line for each metric, a column for each model. */
    public static String overview(ScoreSheet sheet) {
        var header = new ArrayList<>(List.of("", "tuned model"));
        header.addAll(sheet.baselines().keySet());
        var lines = new ArrayList<List<String>>(List.of(header));
        for (Metric metric : Metric.of(sheet.scores())) {
            var line = new ArrayList<>(List.of(metric.name(), cell(metric, sheet.scores())));
            sheet.baselines().values().forEach(scores -> line.add(cell(metric, scores)));
            lines.add(line);
        }
        return table(lines, header.size());
    }

    /** What the controls show, a line each. */
    public static String controls(ScoreSheet sheet) {
        var text = new StringBuilder();
        sheet.controls().forEach(control -> text.append(control.sentence()).append('\n'));
        return text.toString();
    }

    /** The overall metrics of one model. */
    public static String overall(Scores scores) {
        return table(
                Metric.of(scores).stream()
                        .map(metric -> List.of(metric.name(), cell(metric, scores)))
                        .toList(),
                2);
    }

    /** Precision, recall and F1 of the classes, the worst F1 first, at most as many lines as the limit. */
    public static String classes(Scores scores, int limit) {
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("class", "precision", "recall", "F1", "rows"));
        scores.perClass().stream()
                .sorted(Comparator.comparingDouble(ClassScores::f1))
                .limit(limit)
                .forEach(line -> lines.add(List.of(
                        line.label(),
                        Metric.number(line.precision()),
                        Metric.number(line.recall()),
                        Metric.number(line.f1()),
                        Integer.toString(line.support()))));
        return table(lines, 1);
    }

    /** The pairs of classes that were confused most often, at most as many lines as the limit. */
    public static String confusions(Scores scores, int limit) {
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("expected", "predicted", "rows"));
        scores.confusions().stream()
                .limit(limit)
                .forEach(pair -> lines.add(List.of(pair.expected(), pair.predicted(), Integer.toString(pair.count()))));
        return table(lines, 2);
    }

    private static String cell(Metric metric, Scores scores) {
        Estimate estimate = scores.metric(metric.key());
        return Metric.number(estimate.value()) + " (" + Metric.interval(estimate) + ")";
    }

    /** Columns two blanks apart; the first ones are aligned to the left, the others, numbers, to the right. */
    private static String table(List<List<String>> lines, int leftColumns) {
        List<List<String>> shown = lines.stream()
                .map(line -> line.stream().map(ScoresText::printable).toList())
                .toList();
        var text = new StringBuilder();
        for (List<String> line : shown) {
            var row = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                int column = i;
                int width = shown.stream()
                        .mapToInt(other -> length(other.get(column)))
                        .max()
                        .orElse(0);
                String padding = " ".repeat(width - length(line.get(i)));
                row.append(i == 0 ? "" : "  ");
                row.append(i < leftColumns ? line.get(i) + padding : padding + line.get(i));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Labels are the user's data: no escape sequence of theirs reaches the terminal, and none is endless. */
    private static String printable(String label) {
        String clean = label.replaceAll("\\p{Cntrl}", "\uFFFD");
        return length(clean) <= LONGEST_LABEL
                ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "…";
    }
}
