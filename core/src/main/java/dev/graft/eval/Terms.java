package dev.graft.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a text and the pairs of neighbouring words. */
final class Terms {
    private Terms() {}

    /** Words of two characters or more in lower case (scikit-learn's {@code \w\w+}), then the pairs of neighbours. */
    static List<String> of(String text) {
        List<String> terms = words(text.toLowerCase(Locale.ROOT));
        int words = terms.size();
        for (int i = 1; i < words; i++) {
            terms.add(terms.get(i - 1) + ' ' + terms.get(i));
        }
        return terms;
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            int characters = 0;
            while (at < text.length() && inWord(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
                characters++;
            }
            if (characters >= 2) {
                words.add(text.substring(start, at));
            } else if (characters == 0) {
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return words;
    }

    private static boolean inWord(int codePoint) {
        if (Character.isLetterOrDigit(codePoint) || codePoint == '_') {
            return true;
        }
        int type = Character.getType(codePoint);
        return type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }
}
