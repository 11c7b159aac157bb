package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small tables of labelled rows. */
final class Tables {
    private Tables() {}

    /** Forty rows of two labels. */
    static void balanced(Path file) throws IOException {
        write(file, 40, row -> "text " + row + (row % 2 == 0 ? " on cats,cat" : " on dogs,dog"));
    }

    /** A CSV file of rows with a text and a label. */
    static void write(Path file, int rows, IntFunction<String> row) throws IOException {
        Files.writeString(
                file, IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", "text,label\n", "\n")));
    }
}
