package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code graft plan} says of a training's peak is what the training then takes, each in a process of its own. */
@Tag("slow")
class PlanProcessTest {
    /** How far from the measured peak the forecast may be. */
    private static final double PERCENT = 15;

    private static final int ROWS = 80;
    private static final int WORDS = 300;
    private static final Path STATUS = Path.of("/proc/self/status");

    @TempDir
    Path folder;

    @BeforeEach
    void makeRows() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(STATUS), "only Linux tells the peak of a process");
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int row = 0; row < ROWS; row++) {
            StringBuilder text = new StringBuilder("card");
            for (int word = 0; word < WORDS; word++) {
                text.append(random.nextBoolean() ? " money" : " order");
            }
            lines.add(text + ",label " + row % 2);
        }
        Files.write(folder.resolve("rows.csv"), lines);
    }

    @Test
    void aFullStepInFloat32() throws IOException, InterruptedException {
        assertForecastHolds("--precision", "fp32", "--batch-size", "16", "--max-length", "128");
    }

    @Test
    void aSmallStepInBfloat16() throws IOException, InterruptedException {
        assertForecastHolds("--precision", "bf16", "--batch-size", "8", "--max-length", "64");
    }

    private void assertForecastHolds(String... options) throws IOException, InterruptedException {
        List<String> shape = new ArrayList<>(List.of("rows.csv", "--strategy", "full", "--epochs", "1", "--quiet"));
        shape.addAll(List.of(options));
        Path answer = folder.resolve("plan.json");
        peak(answer, Map.of(), "plan", shape, "--json");
        long forecast =
                new ObjectMapper().readTree(answer.toFile()).at("/memory/peak").asLong();
        Assumptions.assumeTrue(forecast > 0, "this JVM does not tell what native code has allocated");
        long measured = peak(
                folder.resolve("answer.txt"),
                HostFindings.ALLOCATOR,
                "train",
                shape,
                "--output",
                "model",
                "--allow-negative-transfer");
        assertThat(forecast).isCloseTo(measured, withinPercentage(PERCENT));
    }

    /** Runs a command; the most memory that was resident. */
    private long peak(Path answer, Map<String, String> environment, String verb, List<String> shape, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmn16m",
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.openblas.load=mkl",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.graft.cli.Main",
                verb));
        command.addAll(shape);
        command.addAll(List.of(more));
        Path messages = folder.resolve(verb + ".messages");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(answer.toFile())
                .redirectError(messages.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(peak, peak(process.pid()));
            Thread.sleep(20);
        }
        assertThat(process.exitValue()).as(Files.readString(messages)).isZero();
        return peak;
    }

    private static long peak(long process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException ended) {
            return 0;
        }
    }
}
