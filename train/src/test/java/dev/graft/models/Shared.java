package dev.graft.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of public models and data, of which nothing is copied into the project. */
final class Shared {
    private Shared() {}

    /** A model, from {@code $GRAFT_MODELS} or {@code shared/models} beside the repository; skips the test without it. */
    static Path model(String name) {
        return present(folder("GRAFT_MODELS", "models").resolve(name + ".onnx"));
    }

    /** A file or folder of data, from {@code $GRAFT_DATA} or {@code shared/data}; skips the test without it. */
    static Path data(String name) {
        return present(folder("GRAFT_DATA", "data").resolve(name));
    }

    /** The first files of a folder, in the order of their names. */
    static List<Path> files(Path folder, int count) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().limit(count).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String variable, String name) {
        String given = System.getenv(variable);
        return given == null ? Path.of("../../shared").resolve(name) : Path.of(given);
    }

    private static Path present(Path path) {
        assumeTrue(Files.exists(path), () -> path + " is absent; see CONTRIBUTING.md for where it is looked for");
        return path;
    }
}
