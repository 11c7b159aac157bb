package dev.graft.watch;

import dev.graft.eval.Axis;
import dev.graft.eval.Markup;
import dev.graft.eval.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * A figure of the last minutes: its name, its newest value in large, and its curves.
 *
 * @param unit how a value is shown
 * @param least the scale reaches at least this far
 */
record Panel(String title, List<Curve> curves, DoubleFunction<String> unit, double least) {
    private static final int WIDTH = 330;
    private static final int HEIGHT = 150;
    private static final int LEFT = 46;
    private static final int RIGHT = 8;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final double ROOM = 1.08;
    private static final double SPOT = 2;
    private static final int MARKS = 3;

    /**
     * One line of a panel.
     *
     * @param name empty where the panel has one line only
     * @param style a class of the style sheet
     * @param now the newest value
     */
    record Curve(String name, String style, double now, ToDoubleFunction<Slot> value) {}

    void draw(Markup page, List<Slot> steps, int minutes) {
        page.open("figure", "class", curves.size() == 1 ? "panel" : "panel several")
                .open("figcaption")
                .leaf("span", title, "class", "name");
        for (Curve curve : curves) {
            page.open("span", "class", "now");
            if (!curve.name().isEmpty()) {
                page.open("span", "class", "key " + curve.style()).close().leaf("small", curve.name() + " ");
            }
            page.text(unit.apply(curve.now())).close();
        }
        page.close();
        Svg.open(page, title + " over the last " + minutes + " minutes", WIDTH, HEIGHT);
        Axis across = new Axis(0, Math.max(1, steps.size() - 1), LEFT, WIDTH - RIGHT);
        Axis up = new Axis(0, highest(steps) * ROOM, HEIGHT - BOTTOM, TOP);
        frame(page, up, minutes);
        for (int i = curves.size() - 1; i >= 0; i--) {
            runs(steps, curves.get(i), across, up).forEach(run -> run.draw(page, curves.size() == 1));
        }
        page.close().close();
    }

    private double highest(List<Slot> steps) {
        double highest = least;
        for (Curve curve : curves) {
            highest = Math.max(
                    highest,
                    steps.stream()
                            .mapToDouble(curve.value())
                            .filter(Double::isFinite)
                            .max()
                            .orElse(0));
        }
        return highest;
    }

    private void frame(Markup page, Axis up, int minutes) {
        for (double tick : up.ticks()) {
            Svg.line(page, "grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
            Svg.text(page, "tick end", LEFT - 6, up.at(tick) + 4, unit.apply(tick));
        }
        double part = (WIDTH - RIGHT - LEFT) / (double) MARKS;
        for (int mark = 0; mark < MARKS; mark++) {
            Svg.text(
                    page,
                    mark == 0 ? "tick" : "tick middle",
                    LEFT + mark * part,
                    HEIGHT - 6,
                    "−" + minutes * (MARKS - mark) / MARKS + " min");
        }
        Svg.text(page, "tick end", WIDTH - RIGHT, HEIGHT - 6, "now");
    }

    /** The parts of a curve between gaps. */
    private static List<Run> runs(List<Slot> steps, Curve curve, Axis across, Axis up) {
        var runs = new ArrayList<Run>();
        var current = new Run(curve.style(), up.start(), new ArrayList<>());
        for (int i = 0; i < steps.size(); i++) {
            double value = curve.value().applyAsDouble(steps.get(i));
            if (Double.isFinite(value)) {
                current.points().add(new double[] {across.at(i), up.at(value)});
            } else if (!current.points().isEmpty()) {
                runs.add(current);
                current = new Run(curve.style(), up.start(), new ArrayList<>());
            }
        }
        if (!current.points().isEmpty()) {
            runs.add(current);
        }
        return runs;
    }

    /** A part of a curve without a gap. */
    private record Run(String style, double ground, List<double[]> points) {
        void draw(Markup page, boolean filled) {
            double[] first = points.get(0);
            double[] last = points.get(points.size() - 1);
            if (points.size() == 1) {
                Svg.dot(page, "spot " + style, "", first[0], first[1], SPOT);
                return;
            }
            var path = new StringBuilder();
            for (double[] point : points) {
                path.append(Svg.place(point[0]))
                        .append(',')
                        .append(Svg.place(point[1]))
                        .append(' ');
            }
            if (filled) {
                String under = path + Svg.place(last[0]) + "," + Svg.place(ground) + " " + Svg.place(first[0]) + ","
                        + Svg.place(ground);
                page.open("polygon", "class", "under " + style, "points", under).close();
            }
            page.open(
                            "polyline",
                            "class",
                            "line " + style,
                            "points",
                            path.toString().strip())
                    .close();
        }
    }
}
