package dev.graft.data;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The labels of a classifier; a label's place in the list is its number.
 *
 * <p>Labels are sorted as text by code point, numbers included (10 before 2), which is the order of scikit-learn's
 * {@code LabelEncoder} over strings.
 */
public record LabelSet(List<String> names) {
    private static final int NAMED = 20;

    /** Orders by code point, where {@link String#compareTo} orders by UTF-16 unit. */
    private static final Comparator<String> BY_CODE_POINT = (a, b) -> {
        int end = Math.min(a.length(), b.length());
        for (int i = 0; i < end; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                int start = i > 0 && Character.isHighSurrogate(a.charAt(i - 1)) ? i - 1 : i;
                return Integer.compare(a.codePointAt(start), b.codePointAt(start));
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    /** @throws IllegalArgumentException if a label is there twice */
    public LabelSet {
        names = List.copyOf(names);
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("A label is there twice: " + names);
        }
    }

    /**
     * The labels of examples.
     *
     * @throws InputException if there are fewer than two
     */
    public static LabelSet of(List<Example> examples) {
        List<String> names = sorted(examples.stream().map(Example::label));
        if (names.size() < 2) {
            String file =
                    examples.isEmpty() ? "The data" : examples.get(0).file().toString();
            String found = names.isEmpty() ? "no label" : "one label only, '" + names.get(0) + "'";
            throw new InputException(
                    file + " has " + found + "; a classifier needs two or more. Is --label the right column?");
        }
        return new LabelSet(names);
    }

    /**
     * The labels of examples that may have several each.
     *
     * @throws InputException if no example has one, or all have the same
     */
    public static LabelSet of(List<Example> examples, LabelLists lists) {
        List<String> names = sorted(examples.stream().flatMap(example -> lists.names(example.label()).stream()));
        boolean alike = examples.stream()
                        .map(example -> Set.copyOf(lists.names(example.label())))
                        .distinct()
                        .count()
                < 2;
        if (alike) {
            String file =
                    examples.isEmpty() ? "The data" : examples.get(0).file().toString();
            throw new InputException(file + " has " + (names.isEmpty() ? "no label" : "the same labels in all rows")
                    + "; there is nothing to tell apart. Is --label the right column?");
        }
        return new LabelSet(names);
    }

    private static List<String> sorted(Stream<String> names) {
        return names.distinct().sorted(BY_CODE_POINT).toList();
    }

    /**
     * Which labels each example has: [examples, labels].
     *
     * @throws InputException if examples have labels that are unknown here; all are reported at once, at most 20 in full
     */
    public boolean[][] sets(List<Example> examples, LabelLists lists) {
        Map<Path, Findings> findings = new LinkedHashMap<>();
        boolean[][] sets = new boolean[examples.size()][size()];
        for (int i = 0; i < sets.length; i++) {
            Example example = examples.get(i);
            for (String name : lists.names(example.label())) {
                int number = names.indexOf(name);
                if (number < 0) {
                    findings.computeIfAbsent(example.file(), Findings::new).add(example.line(), unknown(name));
                } else {
                    sets[i][number] = true;
                }
            }
        }
        findings.values().forEach(Findings::throwIfAny);
        return sets;
    }

    /** The number of labels. */
    public int size() {
        return names.size();
    }

    /**
     * The number of each example's label.
     *
     * @throws InputException if examples have labels that are unknown here; all are reported at once, at most 20 in full
     */
    public int[] numbers(List<Example> examples) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        Map<Path, Findings> findings = new LinkedHashMap<>();
        int[] result = new int[examples.size()];
        for (int i = 0; i < result.length; i++) {
            Example example = examples.get(i);
            Integer number = numbers.get(example.label());
            if (number == null) {
                findings.computeIfAbsent(example.file(), Findings::new).add(example.line(), unknown(example.label()));
            } else {
                result[i] = number;
            }
        }
        findings.values().forEach(Findings::throwIfAny);
        return result;
    }

    private String unknown(String label) {
        return "label '" + label + "' is not among the " + size() + " that the model knows"
                + Suggestion.text(label, names);
    }

    /** What is odd about the labels of training examples but does not forbid training, a sentence each. */
    public static List<String> warnings(Collection<Example> examples) {
        Map<String, Long> counts = examples.stream()
                .collect(Collectors.groupingBy(
                        Example::label, () -> new TreeMap<>(BY_CODE_POINT), Collectors.counting()));
        List<String> warnings = new ArrayList<>(nearlyEqual(counts));
        List<String> single = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == 1)
                .map(entry -> "'" + entry.getKey() + "'")
                .toList();
        if (!single.isEmpty()) {
            String more = single.size() > NAMED ? " and " + (single.size() - NAMED) + " more" : "";
            warnings.add((single.size() == 1 ? "1 label has" : single.size() + " labels have")
                    + " a single row, which is kept for training, so nothing tests it: "
                    + String.join(", ", single.subList(0, Math.min(single.size(), NAMED))) + more);
        }
        return warnings;
    }

    private static List<String> nearlyEqual(Map<String, Long> counts) {
        Map<String, List<String>> alike = new LinkedHashMap<>();
        counts.keySet()
                .forEach(label -> alike.computeIfAbsent(plain(label), key -> new ArrayList<>())
                        .add(label));
        return alike.values().stream()
                .filter(labels -> labels.size() > 1)
                .map(labels -> "Labels that differ only by case or blanks are learned as different ones: "
                        + labels.stream()
                                .map(label -> "'" + label + "' (" + counts.get(label) + " rows)")
                                .collect(Collectors.joining(", ")))
                .toList();
    }

    private static String plain(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Z}]+", "");
    }
}
