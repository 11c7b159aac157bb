package dev.graft.predict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the answers to a file are written. */
public enum AnswerFormat {
    /** Text, label and probability, commas between them. */
    CSV("csv"),
    /** Text, label and probability, tabs between them. */
    TSV("tsv"),
    /** Objects with text, label, probability and the probabilities of all labels, one a line. */
    JSON_LINES("jsonl", "ndjson");

    private final List<String> extensions;

    AnswerFormat(String... extensions) {
        this.extensions = List.of(extensions);
    }

    /** What the names of such files end in, without the dot. */
    public String extension() {
        return extensions.get(0);
    }

    /** The format that the extension of a file's name stands for; empty where it stands for none. */
    public static Optional<AnswerFormat> of(String fileName) {
        return ofExtension(fileName.substring(fileName.lastIndexOf('.') + 1));
    }

    /** The format of an extension without its dot; empty where it stands for none. */
    public static Optional<AnswerFormat> ofExtension(String extension) {
        return Arrays.stream(values())
                .filter(format -> format.extensions.contains(extension.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
