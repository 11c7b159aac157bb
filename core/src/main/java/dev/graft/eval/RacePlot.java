package dev.graft.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A race of ways to fine-tune: time across, score up, one line a contender, and beside it why it stopped. */
final class RacePlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 280;
    private static final int LEFT = 52;
    private static final int RIGHT = 320;
    private static final int LINE = 16;
    private static final int TOP = 14;
    private static final int BOTTOM = 36;

    private RacePlot() {}

    static void draw(Markup page, List<Lap> laps) {
        double end = laps.stream().mapToDouble(Lap::ended).max().orElse(0);
        Axis across = new Axis(0, Math.max(1, end), LEFT, WIDTH - RIGHT);
        Axis up = Axis.over(laps.stream().mapToDouble(Lap::accuracy).toArray(), HEIGHT - BOTTOM, TOP);
        page.open("figure").leaf("figcaption", "validation accuracy by seconds");
        Svg.open(page, "validation accuracy of each contender by seconds", WIDTH, HEIGHT);
        frame(page, across, up);
        Map<String, List<Lap>> contenders = byContender(laps);
        contenders.values().forEach(own -> line(page, across, up, own));
        reasons(page, up, contenders);
        page.close().close();
    }

    private static Map<String, List<Lap>> byContender(List<Lap> laps) {
        Map<String, List<Lap>> all = new LinkedHashMap<>();
        laps.forEach(lap ->
                all.computeIfAbsent(lap.contender(), name -> new ArrayList<>()).add(lap));
        return all;
    }

    private static void line(Markup page, Axis across, Axis up, List<Lap> laps) {
        var path = new StringBuilder();
        for (Lap lap : laps) {
            path.append(path.isEmpty() ? "" : " ")
                    .append(Svg.place(across.at(lap.ended())))
                    .append(',')
                    .append(Svg.place(up.at(lap.accuracy())));
        }
        page.open("polyline", "class", "curve", "points", path.toString()).close();
        for (Lap lap : laps) {
            String title = lap.sentence() + (lap.ending().isEmpty() ? "" : "; " + lap.ending());
            Svg.dot(page, "dot", title, across.at(lap.ended()), up.at(lap.accuracy()), 3.5);
        }
        Lap last = laps.get(laps.size() - 1);
        Svg.text(page, "tick", across.at(last.ended()) + 7, up.at(last.accuracy()) + 4, last.contender());
    }

    /** Who stopped where and why, the best last lap on top, as near to its height as the lines allow. */
    private static void reasons(Markup page, Axis up, Map<String, List<Lap>> contenders) {
        List<Lap> last = contenders.values().stream()
                .map(own -> own.get(own.size() - 1))
                .sorted(Comparator.comparingDouble(Lap::accuracy).reversed())
                .toList();
        double lowest = HEIGHT - BOTTOM - LINE * (last.size() - 1.0);
        double place = 0;
        for (Lap lap : last) {
            place = Math.max(place + LINE, Math.min(up.at(lap.accuracy()) + 4, lowest));
            lowest += LINE;
            Svg.text(page, "tick", WIDTH - RIGHT + 70, place, lap.contender() + ": " + lap.ending());
        }
    }

    private static void frame(Markup page, Axis across, Axis up) {
        for (double tick : up.ticks()) {
            Svg.line(page, "grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
            Svg.text(page, "tick end", LEFT - 6, up.at(tick) + 4, Axis.label(tick));
        }
        for (double tick : across.ticks()) {
            Svg.text(page, "tick middle", across.at(tick), HEIGHT - BOTTOM + 16, Axis.label(tick));
        }
        Svg.line(page, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        Svg.text(page, "tick middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "seconds");
    }
}
