package dev.graft.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The confusion matrix as a heat map: a row for each expected class, a column for each predicted one, each cell shaded by
 * the square root of its share of the row, so that rare confusions show.
 *
 * <p>Up to 25 classes have their names and counts written out; beyond, the cells' titles tell them.
 */
final class ConfusionPlot {
    private static final int MOST_NAMED = 25;
    private static final int MAP = 720;
    private static final double LETTER = 7.4;
    private static final int LONGEST_NAME = 26;

    private final Markup page;
    private final List<ClassScores> classes;
    private final double cell;
    private final double margin;
    private final double edge;

    private ConfusionPlot(Markup page, List<ClassScores> classes) {
        this.page = page;
        this.classes = classes;
        boolean named = named(classes.size());
        int longest = classes.stream()
                .mapToInt(line -> shortened(line.label()).length())
                .max()
                .orElse(0);
        cell = named ? Math.min(64, Math.max(30, 420.0 / classes.size())) : (double) MAP / classes.size();
        margin = named ? longest * LETTER + 24 : 4;
        edge = cell * classes.size();
    }

    static boolean named(int classes) {
        return classes <= MOST_NAMED;
    }

    static void draw(Markup page, Scores scores) {
        new ConfusionPlot(page, scores.perClass()).draw(scores.confusions());
    }

    private void draw(List<Confusion> confusions) {
        boolean named = named(classes.size());
        double slant = named ? margin * 0.75 : margin;
        Svg.open(
                page,
                "Confusion matrix: expected classes down, predicted classes across",
                margin + edge + (named ? slant : 4),
                slant + edge + 4);
        page.open("g", "transform", "translate(" + Svg.place(margin) + " " + Svg.place(slant) + ")");
        Svg.rect(page, "ground", 1, "no rows", new double[] {0, 0, edge, edge});
        Map<String, Integer> index = new HashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            ClassScores line = classes.get(i);
            index.put(line.label(), i);
            if (line.correct() > 0) {
                cell("right", i, i, line.correct());
            }
        }
        for (Confusion pair : confusions) {
            cell("wrong", place(index, pair.expected()), place(index, pair.predicted()), pair.count());
        }
        if (named) {
            names();
        }
        page.close().close();
    }

    private void cell(String style, int row, int column, int count) {
        ClassScores expected = classes.get(row);
        double share = (double) count / expected.support();
        String title = expected.label()
                + (row == column
                        ? " recognised: "
                        : " taken for " + classes.get(column).label() + ": ") + count + " of " + expected.support();
        double gap = Math.min(1, cell / 20);
        double opacity = 0.15 + 0.85 * Math.sqrt(share);
        Svg.rect(page, style, opacity, title, new double[] {column * cell, row * cell, cell - gap, cell - gap});
        if (named(classes.size())) {
            String ink = share > 0.3 ? "count on-fill" : "count";
            Svg.text(page, ink, (column + 0.5) * cell, (row + 0.5) * cell + 4, Integer.toString(count));
        }
    }

    private void names() {
        for (int i = 0; i < classes.size(); i++) {
            String name = shortened(classes.get(i).label());
            double middle = (i + 0.5) * cell;
            Svg.text(page, "tick end", -8, middle + 4, name);
            page.leaf(
                    "text",
                    name,
                    "class",
                    "tick start",
                    "transform",
                    "translate(" + Svg.place(middle) + " -8) rotate(-45)");
        }
    }

    private static int place(Map<String, Integer> index, String label) {
        Integer place = index.get(label);
        if (place == null) {
            throw new IllegalArgumentException("The confusions name the class '" + label + "', which has no scores");
        }
        return place;
    }

    private static String shortened(String label) {
        return label.length() <= LONGEST_NAME ? label : label.substring(0, LONGEST_NAME - 1) + "…";
    }
}
