package dev.graft.eval;

import java.util.Locale;

/** The drawing words that the plots share. */
public final class Svg {
    private Svg() {}

    /** Opens a picture that scales with the page, with the title that screen readers read. */
    public static void open(Markup page, String title, double width, double height) {
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                title,
                "viewBox",
                "0 0 " + place(width) + " " + place(height),
                "width",
                place(width));
    }

    /** A straight line. */
    public static void line(Markup page, String style, double x1, double y1, double x2, double y2) {
        page.open("line", "class", style, "x1", place(x1), "y1", place(y1), "x2", place(x2), "y2", place(y2))
                .close();
    }

    /** A text; the style says how it is anchored. */
    public static void text(Markup page, String style, double x, double y, String text) {
        page.leaf("text", text, "class", style, "x", place(x), "y", place(y));
    }

    /** A rectangle, and the words that are shown when it is pointed at; the box is x, y, width, height. */
    public static void rect(Markup page, String style, double opacity, String title, double[] box) {
        page.titled(
                "rect",
                title,
                "class",
                style,
                "fill-opacity",
                place(opacity),
                "x",
                place(box[0]),
                "y",
                place(box[1]),
                "width",
                place(box[2]),
                "height",
                place(box[3]));
    }

    /** A circle, and the words that are shown when it is pointed at. */
    public static void dot(Markup page, String style, String title, double x, double y, double radius) {
        page.titled("circle", title, "class", style, "cx", place(x), "cy", place(y), "r", place(radius));
    }

    /** A coordinate with at most two decimals. */
    public static String place(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }
}
