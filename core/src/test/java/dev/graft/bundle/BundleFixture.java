package dev.graft.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Committed bundles, copied out of the class path, which may be a jar. */
public final class BundleFixture {
    private static final List<String> FILES = List.of(
            "graft.json",
            "model.onnx",
            "tokenizer.json",
            "tokenizer_config.json",
            "config.json",
            "scores.json",
            "parity.json",
            "policy.yaml",
            "report.html");

    private BundleFixture() {}

    /** The bundle of a version, in a new folder below {@code parent}. */
    public static Path copy(String version, Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("bundle-" + version));
        for (String name : FILES) {
            try (InputStream in = BundleFixture.class.getResourceAsStream(version + "/" + name)) {
                if (in == null) {
                    throw new IOException("The test resource " + version + "/" + name + " is missing");
                }
                Files.copy(in, folder.resolve(name));
            }
        }
        return folder;
    }
}
