package dev.graft.eval;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One number of every epoch as a line. */
final class CurvePlot {
    private static final int WIDTH = 330;
    private static final int HEIGHT = 200;
    private static final int LEFT = 52;
    private static final int RIGHT = 14;
    private static final int TOP = 12;
    private static final int BOTTOM = 36;

    private CurvePlot() {}

    /** Draws the finite values; epochs without one leave a gap in the dots but not in the line. */
    static void draw(Markup page, String title, List<HistoryRow> history, ToDoubleFunction<HistoryRow> value) {
        List<HistoryRow> rows = history.stream()
                .filter(row -> Double.isFinite(value.applyAsDouble(row)))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        double[] values = rows.stream().mapToDouble(value).toArray();
        Axis across = new Axis(1, Math.max(2, history.get(history.size() - 1).epoch()), LEFT, WIDTH - RIGHT);
        Axis up = Axis.over(values, HEIGHT - BOTTOM, TOP);
        page.open("figure").leaf("figcaption", title);
        Svg.open(page, title + " by epoch", WIDTH, HEIGHT);
        frame(page, across, up);
        var path = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            path.append(i == 0 ? "" : " ")
                    .append(Svg.place(across.at(rows.get(i).epoch())))
                    .append(',')
                    .append(Svg.place(up.at(values[i])));
        }
        page.open("polyline", "class", "curve", "points", path.toString()).close();
        for (int i = 0; i < values.length; i++) {
            int epoch = rows.get(i).epoch();
            String label = "epoch " + epoch + ": " + String.format(Locale.ROOT, "%.4g", values[i]);
            Svg.dot(page, "dot", label, across.at(epoch), up.at(values[i]), 3.5);
        }
        page.close().close();
    }

    private static void frame(Markup page, Axis across, Axis up) {
        for (double tick : up.ticks()) {
            Svg.line(page, "grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
            Svg.text(page, "tick end", LEFT - 6, up.at(tick) + 4, Axis.label(tick));
        }
        for (double tick : across.ticks()) {
            if (tick == Math.rint(tick)) {
                Svg.text(page, "tick middle", across.at(tick), HEIGHT - BOTTOM + 16, Axis.label(tick));
            }
        }
        Svg.line(page, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        Svg.text(page, "tick middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "epoch");
    }
}
