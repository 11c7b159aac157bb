package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with a file, gathered so that the user is told all of it at once: the first 20, and how many more. */
final class Findings {
    static final int SHOWN = 20;

    private final Path file;
    private final List<Finding> shown = new ArrayList<>();
    private long count;

    private record Finding(long line, String message) {}

    Findings(Path file) {
        this.file = file;
    }

    void add(long line, String message) {
        count++;
        if (shown.size() < SHOWN) {
            shown.add(new Finding(line, place(file, line) + ": " + message));
        }
    }

    /** Throws what was found, if anything was. */
    void throwIfAny() {
        if (count > 0) {
            throw new InputException(text());
        }
    }

    private String text() {
        if (count == 1) {
            return file + ", " + shown.get(0).message();
        }
        String more = count > shown.size() ? "\n  … and " + (count - shown.size()) + " more" : "";
        return shown.stream()
                .sorted(Comparator.comparingLong(Finding::line))
                .map(Finding::message)
                .collect(Collectors.joining("\n  ", count + " problems in " + file + ":\n  ", more));
    }

    /** {@code line 12}, or {@code row 12} in a Parquet file. */
    static String place(Path file, long line) {
        return (file.toString().endsWith(".parquet") ? "row " : "line ") + line;
    }
}
