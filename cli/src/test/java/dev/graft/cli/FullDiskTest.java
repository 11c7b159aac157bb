package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Safetensors;
import dev.graft.bundle.TinyBundle;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of eight kilobytes; it takes the right to mount one. */
class FullDiskTest {
    private static final int ROWS = 2_000;

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mount"))
                        && run("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk.toString()) == 0,
                "a small disk needs the right to mount one");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", disk.toString());
    }

    @Test
    void answersThatDoNotFitLeaveNothingBehind() throws IOException {
        TinyBundle.write(folder);
        Tables.write(folder.resolve("rows.csv"), ROWS, row -> "lost money,card");
        Ran.in(folder, "predict @tiny-bundle --input @rows.csv --output @disk/o.csv")
                .fails(
                        1,
                        "Cannot write ",
                        "disk/o.csv",
                        "No space left on device",
                        "(0 MB free there)",
                        "Free some space");
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void aBundleThatDoesNotFitLeavesNothingBehind() throws IOException {
        var contents = TinyBundle.contents(folder);
        Files.write(disk.resolve("other"), new byte[4096]);
        assertThatThrownBy(() -> BundleWriter.write(disk.resolve("bundle"), contents))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("Cannot write ", "disk/bundle", "free there");
        assertThat(disk.toFile().list()).containsExactly("other");
    }

    @Test
    void aCheckpointThatDoesNotFitKeepsTheOneBefore() throws IOException {
        Path state = disk.resolve("state.safetensors");
        Safetensors.write(state, Map.of("w", Array.of(new float[10], 10)), Map.of());
        byte[] before = Files.readAllBytes(state);
        assertThatThrownBy(() -> Safetensors.write(state, Map.of("w", Array.of(new float[10_000], 10_000)), Map.of()))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("Cannot write ", "state.safetensors", "free there");
        assertThat(state).hasBinaryContent(before);
        assertThat(disk.toFile().list()).containsExactly("state.safetensors");
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
