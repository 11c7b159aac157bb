package dev.graft.watch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How requests are written down.
 *
 * @param format a line's form
 * @param file where to; empty for standard error
 * @param mostBytes of a file before the next one is begun
 * @param oldFiles full files that are kept beside it
 * @param inputs whether the texts of requests are written down too
 */
public record LogSettings(Format format, Optional<Path> file, long mostBytes, int oldFiles, boolean inputs) {
    /** A line's form. */
    public enum Format {
        /** For people. */
        TEXT,
        /** A JSON object a line. */
        JSON
    }

    public LogSettings {
        if (mostBytes < 1 || oldFiles < 0) {
            throw new IllegalArgumentException("A number is out of range");
        }
    }
}
