package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rehearsal in a process of its own, as the launcher starts it. */
@Tag("slow")
class TrainRehearsalTest {
    private static final int LONGEST_SECONDS = 240;

    @TempDir
    Path folder;

    @Test
    void itTrainsAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path messages = folder.resolve("messages.txt");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.openblas.load=mkl",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TrainRehearsal.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(messages)).isZero();
        assertThat(temporary).isDirectoryNotContaining("glob:**graft-rehearsal*");
    }
}
