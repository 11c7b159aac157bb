package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What labels mean in words: the description of each, else its name with the marks between words taken as blanks.
 *
 * @param file where the labels were found, for errors
 * @param words by label, in the order in which the labels stand
 */
public record LabelWords(Path file, Map<String, String> words) {
    private static final String HUMP = "(?<=\\p{Ll})(?=\\p{Lu})";
    private static final String MARKS = "[\\s_/\\-.:]+";
    private static final int NAMED = 5;

    /**
     * @throws InputException if there are fewer than two labels, or the words of one hold no letter
     */
    public LabelWords {
        words = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(words));
        if (words.size() < 2) {
            throw new InputException(file + " names " + words.size() + (words.size() == 1 ? " label" : " labels")
                    + "; a classifier needs two or more, one a line");
        }
        List<String> wordless = words.entrySet().stream()
                .filter(entry -> entry.getValue().codePoints().noneMatch(Character::isLetter))
                .map(entry -> "'" + entry.getKey() + "'")
                .toList();
        if (!wordless.isEmpty()) {
            String shown = String.join(", ", wordless.subList(0, Math.min(NAMED, wordless.size())));
            throw new InputException(
                    file + ": labels are compared with texts by their words, and of the " + words.size()
                            + " labels " + shown
                            + (wordless.size() > NAMED ? " and " + (wordless.size() - NAMED) + " more" : "")
                            + (wordless.size() == 1 ? " has" : " have") + " none; describe each in a file for --labels,"
                            + " a line 'name<TAB>description'");
        }
    }

    /**
     * Reads a file of labels: one a line, a tab and a description behind it where the name alone does not say enough.
     *
     * @throws InputException if there is no such file, a label is there twice, or it is no list of labels in words
     */
    public static LabelWords read(Path file) {
        Findings findings = new Findings(file);
        Map<String, String> words = new LinkedHashMap<>();
        List<String> lines = TextLines.read(file);
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split("\t", 2);
            String name = parts[0].strip();
            String description = parts.length == 2 ? parts[1].strip() : "";
            if (name.isEmpty() && !description.isEmpty()) {
                findings.add(i + 1, "a description without a label; write 'name<TAB>description'");
            } else if (words.containsKey(name)) {
                findings.add(i + 1, "the label '" + name + "' is there twice; remove one");
            } else if (!name.isEmpty()) {
                words.put(name, description.isEmpty() ? spoken(name) : description);
            }
        }
        findings.throwIfAny();
        return new LabelWords(file, words);
    }

    /**
     * The words of labels that are known by their names alone.
     *
     * @param file that the labels were found in
     * @throws InputException if the words of one hold no letter
     */
    public static LabelWords of(LabelSet labels, Path file) {
        Map<String, String> words = new LinkedHashMap<>();
        labels.names().forEach(name -> words.put(name, spoken(name)));
        return new LabelWords(file, words);
    }

    /** The words of labels that are known by their names alone; empty where one holds no letter. */
    public static Optional<LabelWords> spoken(LabelSet labels, Path file) {
        boolean all = labels.names().stream().allMatch(name -> name.codePoints().anyMatch(Character::isLetter));
        return all ? Optional.of(of(labels, file)) : Optional.empty();
    }

    /** The labels, in the order that {@link LabelSet} gives them. */
    public LabelSet labels() {
        return LabelSet.of(examples());
    }

    /** A row for each label, whose text is the label's words: what a head can learn from beside the rows of the data. */
    public List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        words.forEach((name, text) -> examples.add(new Example(text, name, file, examples.size() + 1)));
        return examples;
    }

    private static String spoken(String name) {
        return name.replaceAll(HUMP, " ").replaceAll(MARKS, " ").strip();
    }
}
