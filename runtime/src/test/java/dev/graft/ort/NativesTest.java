package dev.graft.ort;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @TempDir
    Path cache;

    @Test
    void librariesAreUnpackedOnce() throws IOException {
        Path folder = Natives.unpacked(cache).orElseThrow();
        Path library = folder.resolve(System.mapLibraryName("onnxruntime"));
        assertThat(library).isRegularFile();
        assertThat(folder.resolve(System.mapLibraryName("onnxruntime4j_jni"))).isRegularFile();
        var written = Files.getLastModifiedTime(library);
        assertThat(Natives.unpacked(cache)).contains(folder);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
    }

    @Test
    void aCutLibraryIsUnpackedAgain() throws IOException {
        Path library = Natives.unpacked(cache).orElseThrow().resolve(System.mapLibraryName("onnxruntime"));
        long size = Files.size(library);
        Files.write(library, new byte[10]);
        Natives.unpacked(cache);
        assertThat(Files.size(library)).isEqualTo(size);
    }

    @Test
    void nothingElseIsLeftInTheCache() throws IOException {
        Natives.unpacked(cache);
        try (var entries = Files.list(cache)) {
            assertThat(entries).hasSize(1);
        }
    }
}
