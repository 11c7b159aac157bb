package dev.graft.data;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Training examples without those whose text is also among the held-out ones, which would make scores too good.
 *
 * <p>Texts are the same when they are equal after Unicode's NFKC, folding of case, and making every run of blanks one.
 *
 * @param kept the training examples that stay, in their order
 * @param removed what was taken out, each with the held-out example that it repeats
 */
public record Duplicates(List<Example> kept, List<Pair> removed) {
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final int SHOWN = 5;

    /** Two examples of the same text. */
    public record Pair(Example example, Example first) {
        /** Whether the two have different labels. */
        public boolean isConflict() {
            return !example.label().equals(first.label());
        }
    }

    public Duplicates {
        kept = List.copyOf(kept);
        removed = List.copyOf(removed);
    }

    /** Takes out of the training examples those that repeat a held-out one (test or validation). */
    public static Duplicates remove(List<Example> train, List<Example> held) {
        Map<String, Example> byText = new HashMap<>();
        held.forEach(example -> byText.putIfAbsent(normal(example.text()), example));
        List<Example> kept = new ArrayList<>();
        List<Pair> removed = new ArrayList<>();
        for (Example example : train) {
            Example same = byText.get(normal(example.text()));
            if (same == null) {
                kept.add(example);
            } else {
                removed.add(new Pair(example, same));
            }
        }
        return new Duplicates(kept, removed);
    }

    /** The examples whose text came before under another label, each with the first of that text. */
    public static List<Pair> conflicts(List<Example> examples) {
        Map<String, Example> byText = new HashMap<>();
        List<Pair> conflicts = new ArrayList<>();
        for (Example example : examples) {
            Example first = byText.putIfAbsent(normal(example.text()), example);
            if (first != null && !first.label().equals(example.label())) {
                conflicts.add(new Pair(example, first));
            }
        }
        return conflicts;
    }

    /** What to tell the user about pairs: a sentence with their number, and the first five; empty without pairs. */
    public static List<String> report(String sentence, List<Pair> pairs) {
        if (pairs.isEmpty()) {
            return List.of();
        }
        String shown = pairs.stream()
                .limit(SHOWN)
                .map(pair -> pair.example().place() + " ('" + pair.example().label() + "') repeats "
                        + pair.first().place() + " ('" + pair.first().label() + "')")
                .collect(Collectors.joining("; "));
        String more = pairs.size() > SHOWN ? "; and " + (pairs.size() - SHOWN) + " more" : "";
        return List.of(pairs.size() + " " + sentence + ": " + shown + more);
    }

    /** What to tell the user about the rows that were removed; empty if none was. */
    public List<String> warnings() {
        return report("training rows repeat a held-out row and were removed from training", removed);
    }

    static String normal(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return BLANKS.matcher(folded).replaceAll(" ").strip();
    }
}
