package dev.graft.serve;

import dev.graft.data.Encoding;
import dev.graft.data.TextPair;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a model answers as one: a text, or a pair of texts.
 *
 * @param pair the second text of a pair
 */
record TextRow(String text, Optional<String> pair) {
    static TextRow of(String text) {
        return new TextRow(text, Optional.empty());
    }

    static List<TextRow> all(List<String> texts) {
        return texts.stream().map(TextRow::of).toList();
    }

    boolean isPair() {
        return pair.isPresent();
    }

    /** All texts, those of a pair one after the other. */
    static List<String> texts(List<TextRow> rows) {
        var texts = new ArrayList<String>(rows.size());
        for (TextRow row : rows) {
            texts.add(row.text());
            row.pair().ifPresent(texts::add);
        }
        return texts;
    }

    /** The tokens of rows, in their order. */
    static List<Encoding> encode(
            List<TextRow> rows,
            Function<List<String>, List<Encoding>> encodeTexts,
            Function<List<TextPair>, List<Encoding>> encodePairs) {
        Iterator<Encoding> texts = encodeTexts
                .apply(rows.stream()
                        .filter(row -> !row.isPair())
                        .map(TextRow::text)
                        .toList())
                .iterator();
        Iterator<Encoding> pairs = encodePairs
                .apply(rows.stream()
                        .filter(TextRow::isPair)
                        .map(row -> new TextPair(row.text(), row.pair().orElseThrow()))
                        .toList())
                .iterator();
        return rows.stream()
                .map(row -> row.isPair() ? pairs.next() : texts.next())
                .toList();
    }
}
