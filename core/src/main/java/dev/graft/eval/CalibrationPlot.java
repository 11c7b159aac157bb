package dev.graft.eval;

import java.util.List;
import java.util.Locale;

/** The reliability diagram: accuracy against confidence, above how many rows there are of each confidence. */
final class CalibrationPlot {
    private static final int LEFT = 52;
    private static final int TOP = 12;
    private static final int SIDE = 300;
    private static final int COUNTS_TOP = TOP + SIDE + 14;
    private static final int COUNTS = 60;
    private static final int WIDTH = LEFT + SIDE + 16;
    private static final int HEIGHT = COUNTS_TOP + COUNTS + 40;

    private CalibrationPlot() {}

    static void draw(Markup page, List<CalibrationBin> bins) {
        Axis across = new Axis(0, 1, LEFT, LEFT + SIDE);
        Axis up = new Axis(0, 1, TOP + SIDE, TOP);
        Svg.open(page, "Reliability diagram: accuracy against confidence", WIDTH, HEIGHT);
        frame(page, across, up);
        int most = bins.stream().mapToInt(CalibrationBin::rows).max().orElse(1);
        for (CalibrationBin bin : bins) {
            if (bin.rows() > 0) {
                bin(page, bin, across, up, most);
            }
        }
        page.close();
    }

    private static void bin(Markup page, CalibrationBin bin, Axis across, Axis up, int most) {
        String title = String.format(
                Locale.ROOT,
                "confidence %.2f to %.2f: %d rows, mean confidence %.3f, accuracy %.3f",
                bin.from(),
                bin.to(),
                bin.rows(),
                bin.confidence(),
                bin.accuracy());
        double left = across.at(bin.from()) + 1;
        double width = across.at(bin.to()) - left - 1;
        double top = up.at(bin.accuracy());
        Svg.rect(page, "right", 0.3, title, new double[] {left, top, width, up.at(0) - top});
        Svg.dot(page, "dot", title, across.at(bin.confidence()), top, 4);
        double height = Math.max(1, (double) COUNTS * bin.rows() / most);
        Svg.rect(page, "quiet", 1, title, new double[] {left, COUNTS_TOP + COUNTS - height, width, height});
    }

    private static void frame(Markup page, Axis across, Axis up) {
        for (double tick : List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0)) {
            Svg.line(page, "grid", LEFT, up.at(tick), LEFT + SIDE, up.at(tick));
            Svg.text(page, "tick end", LEFT - 6, up.at(tick) + 4, Axis.label(tick));
            Svg.text(page, "tick middle", across.at(tick), COUNTS_TOP + COUNTS + 16, Axis.label(tick));
        }
        Svg.line(page, "ideal", across.at(0), up.at(0), across.at(1), up.at(1));
        Svg.line(page, "axis", LEFT, COUNTS_TOP + COUNTS, LEFT + SIDE, COUNTS_TOP + COUNTS);
        Svg.text(page, "tick end", LEFT - 6, COUNTS_TOP + COUNTS / 2.0 + 4, "rows");
        Svg.text(page, "tick middle", LEFT + SIDE / 2.0, HEIGHT - 4, "confidence");
        Svg.text(page, "tick start", LEFT + 6, TOP + 14, "accuracy");
    }
}
