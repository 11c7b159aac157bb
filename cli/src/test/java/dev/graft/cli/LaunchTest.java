package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code launch.sh} starts, with a JVM that writes down how it is called and archives what it is told to. */
class LaunchTest {
    private static final Path SCRIPT = Path.of("src/main/launch/launch.sh").toAbsolutePath();
    private static final String JAVA = """
            #!/usr/bin/env bash
            printf '%s\\n' "$*" >> "$CALLS"
            env > "$CALLS.environment"
            for each in "$@"; do
                case $each in -XX:ArchiveClassesAtExit=*) echo classes > "${each#*=}" ;; esac
            done
            """;
    private static final int LONGEST_SECONDS = 60;
    /** Longer than what is left behind waits between two looks at the training. */
    private static final int GLANCE_MS = 2_500;

    @TempDir
    Path folder;

    private Path jars;
    private Path calls;

    @BeforeEach
    void makeAJvm() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/env")), "the launcher needs a POSIX system");
        jars = Files.createDirectories(folder.resolve("lib"));
        calls = folder.resolve("calls.txt");
        Path home = folder.resolve("jdk");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        assertThat(Files.writeString(home.resolve("bin/java"), JAVA).toFile().setExecutable(true))
                .isTrue();
        Path jar = Files.createFile(jars.resolve("graft-cli.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(100)));
    }

    private void unpackLibraries() throws IOException {
        Files.createDirectories(folder.resolve("cache/natives/pytorch-1.jar"));
    }

    /** Calls the launcher; how the JVM was called for it. */
    private String call(String arguments) throws IOException, InterruptedException {
        var script = "set -eu; . " + SCRIPT + "; launch " + jars + " " + jars + "/graft-cli.jar " + arguments;
        var builder = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("GRAFT_CACHE", folder.resolve("cache").toString());
        builder.environment().put("GRAFT_JAVA_OPTIONS", "-Dmine=last");
        builder.environment().put("CALLS", calls.toString());
        builder.environment().keySet().removeAll(HostFindings.ALLOCATOR.keySet());
        int before = calls().size();
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return calls().stream()
                .skip(before)
                .filter(call -> call.contains("dev.graft.cli.Main"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> calls() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private Path await(String archive) throws InterruptedException {
        Path file = jars.resolve(archive);
        for (int tenth = 0; tenth < 10 * LONGEST_SECONDS && !Files.exists(file); tenth++) {
            Thread.sleep(100);
        }
        return file;
    }

    @Test
    void theFirstTrainingLeavesAnArchiveFromWhichLaterCommandsStart() throws IOException, InterruptedException {
        unpackLibraries();
        assertThat(call("train rows.csv")).doesNotContain("SharedArchiveFile").endsWith("Main train rows.csv");
        Path archive = await("train-17.jsa");
        assertThat(archive).exists();
        assertThat(calls().get(1)).contains("dev.graft.cli.TrainRehearsal").doesNotContain("-Dmine");
        assertThat(call("train rows.csv")).contains("-XX:SharedArchiveFile=" + archive + " ");
        assertThat(call("predict model text")).contains("-XX:SharedArchiveFile=" + archive + " ");
    }

    @Test
    void anArchiveOlderThanAJarIsNotUsed() throws IOException, InterruptedException {
        Path archive = Files.writeString(jars.resolve("train-17.jsa"), "classes");
        assertThat(call("predict model text")).contains("SharedArchiveFile");
        Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minusSeconds(200)));
        assertThat(call("predict model text")).doesNotContain("SharedArchiveFile");
    }

    @Test
    void nothingIsLeftBehindByOtherCommandsOrWhereNoLibrariesAreUnpacked() throws IOException, InterruptedException {
        call("train rows.csv");
        Thread.sleep(GLANCE_MS);
        unpackLibraries();
        call("predict model text");
        Thread.sleep(GLANCE_MS);
        assertThat(calls()).hasSize(2);
        assertThat(jars).isDirectoryNotContaining("glob:**.jsa");
    }

    @Test
    void ofSeveralTrainingsOneMakesTheArchive() throws IOException, InterruptedException {
        unpackLibraries();
        Path making = Files.createDirectory(jars.resolve("train-17.jsa.making"));
        call("train rows.csv");
        Thread.sleep(GLANCE_MS);
        assertThat(calls()).hasSize(1);
        Files.setLastModifiedTime(making, FileTime.from(Instant.now().minusSeconds(3_600)));
        call("train rows.csv");
        assertThat(await("train-17.jsa")).exists();
    }

    @Test
    void aServerMakesItsArchiveBeforeItStarts() throws IOException, InterruptedException {
        assertThat(call("serve model")).contains("-XX:SharedArchiveFile=" + jars.resolve("serve-17.jsa"));
        assertThat(calls().get(0)).contains("dev.graft.cli.ServeRehearsal");
    }

    @Test
    void theAllocatorIsSetForTrainingsAsTheDoctorWantsIt() throws IOException, InterruptedException {
        call("predict model text");
        assertThat(environment()).doesNotContainAnyElementsOf(allocator());
        for (String command : List.of("train rows.csv", "doctor")) {
            call(command);
            assertThat(environment()).containsAll(allocator());
        }
    }

    @Test
    void theThreadsOfATrainingDoNotWaitInALoopForLong() throws IOException, InterruptedException {
        call("predict model text");
        assertThat(environment()).noneMatch(variable -> variable.startsWith("GOMP_SPINCOUNT="));
        call("train rows.csv");
        assertThat(environment()).contains("GOMP_SPINCOUNT=6000");
    }

    /** Benchmarks start Java themselves. */
    @Test
    void benchmarksSetTheAllocatorAsTrainingsDo() throws IOException {
        Path bench = Path.of("../bench").toAbsolutePath();
        for (String program : List.of("scale", "src/main/java/dev/graft/bench/Sides.java")) {
            assertThat(Files.readString(bench.resolve(program)))
                    .contains(HostFindings.ALLOCATOR.values().stream()
                            .map(value -> '"' + value + '"')
                            .toList())
                    .contains(HostFindings.ALLOCATOR.keySet());
        }
    }

    private static List<String> allocator() {
        return HostFindings.ALLOCATOR.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    private List<String> environment() throws IOException {
        return Files.readAllLines(folder.resolve("calls.txt.environment"));
    }

    @Test
    void theUsersOptionsComeLast() throws IOException, InterruptedException {
        for (String command : List.of("train rows.csv", "serve model", "doctor")) {
            assertThat(call(command)).contains(" -Dmine=last -cp ");
        }
    }
}
