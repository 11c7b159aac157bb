package dev.graft.data;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which columns of a table hold the text and the label.
 *
 * @param text the text's column, from 0
 * @param label the label's column, from 0, or -1 where none was asked for
 * @param description what was found, for the user to check, for example {@code text from column 'utterance'}
 */
public record Columns(int text, int label, String description) {
    private static final List<String> TEXT_NAMES = List.of("text", "sentence", "utterance", "content", "review");
    private static final List<String> LABEL_NAMES = List.of("label", "category", "intent", "class", "sentiment");
    private static final int NONE = -1;

    /** Columns of a table with text and label; see {@link #find(Path, List, List, Optional, Optional)}. */
    public static Columns find(Table table, Optional<String> text, Optional<String> label) {
        return find(table.file(), table.columns(), table.rows(), text, label);
    }

    /**
     * Finds text and label: the columns that are asked for, else by well-known names (case aside), else by shape: the
     * label has the fewest distinct values, of two or more that repeat, and the text is the longest on average.
     *
     * @param sample rows to judge shapes by; the first 1,000 are looked at
     * @throws InputException if a column that is asked for is not there, or none is fit
     */
    public static Columns find(
            Path file, List<String> columns, List<Row> sample, Optional<String> text, Optional<String> label) {
        Search search = new Search(file, columns, sample);
        int knownText = search.named("--text", text, TEXT_NAMES);
        int knownLabel = search.named("--label", label, LABEL_NAMES);
        int foundLabel = knownLabel == NONE ? search.fewestValues(knownText) : knownLabel;
        if (foundLabel == NONE) {
            throw search.unfit("label", "--label", LABEL_NAMES);
        }
        int foundText = knownText == NONE ? search.longest(foundLabel) : knownText;
        if (foundText == NONE) {
            throw search.unfit("text", "--text", TEXT_NAMES);
        }
        if (foundText == foundLabel) {
            throw new InputException(file + ": column '" + columns.get(foundText)
                    + "' cannot be both text and label; name two columns with --text and --label");
        }
        String description =
                search.describe("text", foundText, knownText) + ", " + search.describe("label", foundLabel, knownLabel);
        return new Columns(foundText, foundLabel, description);
    }

    /**
     * Finds the text alone, as prediction needs it.
     *
     * @throws InputException if the column that is asked for is not there, or none is fit
     */
    public static Columns textOnly(Path file, List<String> columns, List<Row> sample, Optional<String> text) {
        Search search = new Search(file, columns, sample);
        int known = search.named("--text", text, TEXT_NAMES);
        int found = known == NONE ? search.longest(NONE) : known;
        if (found == NONE) {
            throw search.unfit("text", "--text", TEXT_NAMES);
        }
        return new Columns(found, NONE, search.describe("text", found, known));
    }

    /** Whether there is a label column. */
    public boolean hasLabel() {
        return label != NONE;
    }

    private record Search(Path file, List<String> columns, List<Row> sample) {
        private static final int LOOKED_AT = 1_000;

        Search {
            sample = sample.subList(0, Math.min(sample.size(), LOOKED_AT));
        }

        /** The column asked for, else the first of the well-known names that is there, else none. */
        int named(String option, Optional<String> asked, List<String> known) {
            if (asked.isPresent()) {
                return asked(option, asked.get());
            }
            List<String> lower = columns.stream()
                    .map(column -> column.toLowerCase(Locale.ROOT))
                    .toList();
            return known.stream()
                    .mapToInt(lower::indexOf)
                    .filter(index -> index >= 0)
                    .findFirst()
                    .orElse(NONE);
        }

        private int asked(String option, String name) {
            int exact = columns.indexOf(name);
            return exact >= 0
                    ? exact
                    : IntStream.range(0, columns.size())
                            .filter(i -> columns.get(i).equalsIgnoreCase(name))
                            .findFirst()
                            .orElseThrow(() -> new InputException(file + " has no column '" + name + "' (" + option
                                    + "); its columns are " + list() + Suggestion.text(name, columns)));
        }

        int fewestValues(int except) {
            int best = NONE;
            int fewest = Integer.MAX_VALUE;
            for (int i = 0; i < columns.size(); i++) {
                int distinct = distinct(i);
                if (i != except && distinct >= 2 && distinct <= sample.size() / 2 && distinct <= fewest) {
                    best = i;
                    fewest = distinct;
                }
            }
            return best;
        }

        private int distinct(int column) {
            Set<String> values = new HashSet<>();
            sample.forEach(row -> values.add(row.values().get(column)));
            values.remove("");
            return values.size();
        }

        int longest(int except) {
            return IntStream.range(0, columns.size())
                    .filter(i -> i != except && length(i) > 0)
                    .boxed()
                    .max((a, b) -> Long.compare(length(a), length(b)))
                    .orElse(NONE);
        }

        private long length(int column) {
            return sample.stream()
                    .mapToLong(row -> row.values().get(column).length())
                    .sum();
        }

        String describe(String role, int found, int named) {
            String how = named == NONE ? " (by its shape)" : "";
            return role + " from column '" + columns.get(found) + "'" + how;
        }

        InputException unfit(String role, String option, List<String> known) {
            return new InputException(file + ": no column looks like the " + role + ". Known names are "
                    + String.join(", ", known) + "; the columns are " + list() + ". Name one with " + option);
        }

        private String list() {
            return columns.stream()
                    .map(column -> "'" + column + "'")
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("none");
        }
    }
}
