package dev.graft.graph;

/** Splits the text form into words, texts, numbers and signs; comments run from {@code #} to the end of a line. */
final class GraphLexer {
    /** The kind of a token. */
    enum Kind {
        WORD,
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    private final String text;
    private int position;
    private int start;
    private Kind kind = Kind.END;
    private String value = "";

    GraphLexer(String text) {
        this.text = text;
        advance();
    }

    Kind kind() {
        return kind;
    }

    String value() {
        return value;
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && value.equals(sign);
    }

    /** Passes a sign if it comes next. */
    boolean take(String sign) {
        boolean found = is(sign);
        if (found) {
            advance();
        }
        return found;
    }

    void expect(String sign) {
        if (!take(sign)) {
            throw wrong("'" + sign + "'");
        }
    }

    /** A word or quoted text. */
    String name() {
        if (kind != Kind.WORD && kind != Kind.TEXT) {
            throw wrong("a name");
        }
        return next();
    }

    String text() {
        if (kind != Kind.TEXT) {
            throw wrong("a text in quotes");
        }
        return next();
    }

    long whole() {
        try {
            long number = Long.parseLong(value);
            next();
            return number;
        } catch (NumberFormatException e) {
            throw wrong("a whole number");
        }
    }

    String next() {
        String passed = value;
        advance();
        return passed;
    }

    /** The error for a text in which something else was expected here. */
    GraphException wrong(String expected) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < start; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        String found = kind == Kind.END ? "the end" : "'" + value + "'";
        return new GraphException("Line " + line + ", column " + (start - lineStart + 1)
                + " of the graph's text: expected " + expected + ", but found " + found);
    }

    private void advance() {
        skipBlanks();
        start = position;
        if (position == text.length()) {
            set(Kind.END, position);
            return;
        }
        char first = text.charAt(position);
        if (first == '"') {
            quoted();
        } else if (isWordStart(first)) {
            set(Kind.WORD, endOfWord(position));
        } else if (Character.isDigit(first) || (first == '-' || first == '+') && numberFollows()) {
            set(Kind.NUMBER, endOfNumber());
        } else if (text.startsWith("=>", position)) {
            set(Kind.SIGN, position + 2);
        } else if (text.startsWith(ArrayText.ELIDED, position)) {
            set(Kind.SIGN, position + 3);
        } else {
            set(Kind.SIGN, position + 1);
        }
    }

    private void set(Kind newKind, int end) {
        kind = newKind;
        value = text.substring(start, end);
        position = end;
    }

    private void skipBlanks() {
        while (position < text.length()) {
            if (text.charAt(position) == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(text.charAt(position))) {
                position++;
            } else {
                return;
            }
        }
    }

    private void quoted() {
        var content = new StringBuilder();
        int at = position + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            char here = text.charAt(at);
            if (here == '\\' && at + 1 < text.length()) {
                at++;
                here = text.charAt(at) == 'n' ? '\n' : text.charAt(at);
            }
            content.append(here);
            at++;
        }
        if (at == text.length()) {
            set(Kind.END, at);
            throw wrong("a closing quote");
        }
        kind = Kind.TEXT;
        value = content.toString();
        position = at + 1;
    }

    private static boolean isWordStart(char c) {
        return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private int endOfWord(int from) {
        int at = from;
        while (at < text.length() && (isWordStart(text.charAt(at)) || Character.isDigit(text.charAt(at)))) {
            at++;
        }
        return at;
    }

    private boolean numberFollows() {
        return position + 1 < text.length()
                && (Character.isDigit(text.charAt(position + 1)) || text.startsWith("inf", position + 1));
    }

    private int endOfNumber() {
        int at = position + 1;
        if (text.startsWith("inf", at)) {
            return at + 3;
        }
        while (at < text.length()) {
            char here = text.charAt(at);
            boolean exponentSign = (here == '-' || here == '+') && Character.toLowerCase(text.charAt(at - 1)) == 'e';
            if (!Character.isDigit(here) && here != '.' && here != 'e' && here != 'E' && !exponentSign) {
                return at;
            }
            at++;
        }
        return at;
    }
}
