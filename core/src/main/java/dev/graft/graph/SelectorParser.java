package dev.graft.graph;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the text form of selectors. */
final class SelectorParser {
    private static final Pattern DEPTHS = Pattern.compile("(\\d{1,6})(?:\\.\\.(\\d{1,6}))?");
    private static final int DEEPEST = 50;

    private final String text;
    private int position;
    private int depth;

    SelectorParser(String text) {
        this.text = text;
    }

    Selector selector() {
        Selector selector = one();
        if (position < text.length()) {
            throw wrong("the end");
        }
        return selector;
    }

    private Selector one() {
        if (++depth > DEEPEST) {
            throw wrong("at most " + DEEPEST + " selectors within each other");
        }
        String word = until("(),");
        Selector selector = switch (word) {
            case "all" -> Selector.all();
            case "biases" -> Selector.biases();
            case "norms" -> Selector.norms();
            case "learnable" -> Selector.learnable();
            case "operator" -> Selector.operator(argument());
            case "scope" -> Selector.scope(argument());
            case "name" -> Selector.name(argument());
            case "depth" -> depths(argument());
            case "not" -> Selector.not(list(1).get(0));
            case "and" -> Selector.and(list(Integer.MAX_VALUE).toArray(Selector[]::new));
            case "or" -> Selector.or(list(Integer.MAX_VALUE).toArray(Selector[]::new));
            default ->
                throw wrong("all, biases, norms, learnable, operator(…), scope(…), name(…), depth(1..6),"
                        + " not(…), and(…) or or(…)");
        };
        depth--;
        return selector;
    }

    private Selector depths(String range) {
        Matcher matcher = DEPTHS.matcher(range);
        if (!matcher.matches()) {
            throw wrong("a depth or two with .. between");
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(2);
        return Selector.depth(first, last == null ? first : Integer.parseInt(last));
    }

    private String argument() {
        expect("(");
        String argument = until(")");
        expect(")");
        return argument;
    }

    private List<Selector> list(int most) {
        expect("(");
        var selectors = new ArrayList<Selector>();
        do {
            selectors.add(one());
        } while (selectors.size() < most && take(","));
        expect(")");
        return selectors;
    }

    private String until(String ends) {
        int end = position;
        while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String found = text.substring(position, end).strip();
        position = end;
        return found;
    }

    private boolean take(String sign) {
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
        boolean found = text.startsWith(sign, position);
        if (found) {
            position++;
        }
        return found;
    }

    private void expect(String sign) {
        if (!take(sign)) {
            throw wrong("'" + sign + "'");
        }
    }

    private InputException wrong(String expected) {
        return new InputException("Selector '" + text + "', character " + (position + 1) + ": expected " + expected);
    }
}
