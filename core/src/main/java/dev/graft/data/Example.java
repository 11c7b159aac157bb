package dev.graft.data;

import java.nio.file.Path;

/**
 * A text with its label, and where it was read.
 *
 * @param line the line in the file, from 1; in a Parquet file the row
 */
public record Example(String text, String label, Path file, long line) {
    /** {@code support.csv, line 12}. */
    public String place() {
        return file + ", " + Findings.place(file, line);
    }
}
