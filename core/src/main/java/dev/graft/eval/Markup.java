package dev.graft.eval;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML and SVG; every text and attribute value is escaped. */
public final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn. */
    public Markup open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            text(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Closes the element opened last. */
    public Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element that holds only a text. */
    public Markup leaf(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** A shape that holds only the title that browsers show and screen readers read. */
    public Markup titled(String tag, String title, String... attributes) {
        return open(tag, attributes).leaf("title", title).close();
    }

    /** A text, escaped. */
    public Markup text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\t', '\n', '\r' -> out.append(character);
                default -> out.append(Character.isISOControl(character) ? '\uFFFD' : character);
            }
        }
        return this;
    }

    /** Text of Graft's own, written as it is. */
    public Markup raw(String own) {
        out.append(own);
        return this;
    }

    /** What was written; every element must be closed. */
    public String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("<" + open.peek() + "> is not closed");
        }
        return out.toString();
    }
}
