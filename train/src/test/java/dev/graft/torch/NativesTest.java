package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativesTest {
    private static final Path MAPPED = Path.of("/proc/self/maps");

    @BeforeAll
    static void load() {
        Assumptions.assumeTrue(Files.isReadable(MAPPED), "only Linux tells what is mapped");
        Natives.load(TorchSettings.defaults());
    }

    @Test
    void productsAreMkls() throws IOException {
        assertThat(Files.readString(MAPPED))
                .contains("libmkl_rt", "libmkl_core")
                .doesNotContain("libopenblas-");
    }

    @Test
    void librariesLieInTheCache() throws IOException {
        assertThat(Natives.unpacked()).isTrue();
        assertThat(Files.readString(MAPPED).lines().filter(line -> line.contains("libtorch_cpu")))
                .isNotEmpty()
                .allMatch(line -> line.contains(System.getProperty("org.bytedeco.javacpp.cachedir")));
    }
}
