package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.RandomAdapter;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTenantsTest {
    @TempDir
    Path folder;

    @Test
    void anAdapterOfAnotherModelIsRefusedInOneMessage() throws IOException {
        Path bundle = TinyBundle.write(Files.createDirectory(folder.resolve("one")));
        Path adapters = Files.createDirectory(folder.resolve("adapters"));
        new RandomAdapter(1, 1, 1, 2, List.of(), 4).write(adapters.resolve("a.safetensors"), "0".repeat(64));
        Ran ran = Ran.of(folder, "serve", bundle.toString(), "--adapters", adapters.toString(), "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages())
                .contains("a.safetensors was made for a model with the SHA-256 0000")
                .contains("those that are served here are the bundle");
    }

    @Test
    void aFolderOfAdaptersThatIsNotThereIsNamed() throws IOException {
        Path bundle = TinyBundle.write(Files.createDirectory(folder.resolve("one")));
        Ran ran = Ran.of(folder, "serve", bundle.toString(), "--adapters", "nowhere", "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("--adapters is nowhere, which is no folder");
    }
}
