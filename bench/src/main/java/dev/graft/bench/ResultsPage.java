package dev.graft.bench;

import dev.graft.SafeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page with a place for each group of results, between {@code <!-- name -->} and {@code <!-- end of name -->}.
 *
 * @param file the page
 */
record ResultsPage(Path file) {
    /** Replaces what stands in a group's place. */
    void put(String name, String results) throws IOException {
        String page = Files.readString(file);
        String begin = "<!-- " + name + " -->";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- end of " + name + " -->");
        if (from < begin.length() || to < from) {
            throw new IllegalStateException(file + " has no place for " + name);
        }
        SafeFile.write(file, page.substring(0, from) + "\n" + results + page.substring(to));
    }
}
