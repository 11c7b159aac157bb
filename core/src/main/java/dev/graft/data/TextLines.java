package dev.graft.data;

import dev.graft.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lines of a plain text file. */
public final class TextLines {
    private TextLines() {}

    /**
     * Reads all lines of a file in UTF-8, with or without a mark; blank ones too, so that a place is a line's number.
     *
     * @throws InputException if there is no such file, or a line holds a byte that is not UTF-8, or a NUL; all such lines
     *     are reported at once (at most 20 in full)
     */
    public static List<String> read(Path file) {
        RowSource.refuseAbsent(file);
        Findings findings = new Findings(file);
        try (BufferedReader reader = new BufferedReader(new Utf8Reader(Files.newInputStream(file), findings))) {
            List<String> lines = reader.lines().toList();
            findings.throwIfAny();
            return lines;
        } catch (IOException failure) {
            throw RowSource.unreadable(file, failure);
        }
    }
}
