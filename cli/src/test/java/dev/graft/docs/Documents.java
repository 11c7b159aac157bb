package dev.graft.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents of the repository. */
final class Documents {
    /** The repository's root; tests run in the folder of their module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final Path README = ROOT.resolve("README.md");

    private Documents() {}

    /** The pages of the guide. */
    static List<Path> guide() {
        return in("docs/guide");
    }

    /** What users read, and whose snippets are run. */
    static List<Path> forUsers() {
        return Stream.concat(Stream.of(README), guide().stream()).toList();
    }

    /** All documents of the project. */
    static List<Path> all() {
        return Stream.of("", "docs/guide", "docs/decisions", "examples", "tools", "bench")
                .flatMap(folder -> in(folder).stream())
                .toList();
    }

    static String text(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document's path from the root, for messages. */
    static String name(Path document) {
        return ROOT.relativize(document).toString();
    }

    private static List<Path> in(String folder) {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
